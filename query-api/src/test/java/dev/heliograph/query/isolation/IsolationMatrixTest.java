package dev.heliograph.query.isolation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.heliograph.query.isolation.Requests.Place;
import dev.heliograph.query.testing.Described;
import dev.heliograph.query.testing.Described.Operation;
import dev.heliograph.query.testing.SseClient;
import dev.heliograph.query.testing.TestApi;
import dev.heliograph.query.testing.TestApi.Answer;
import dev.heliograph.storage.TestDatabase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The wall between tenants, asked at every place. The operations come from the description that the service gives of itself:
 * for each, each place that names something is filled with every kind of name, once with one that another tenant has and once
 * with one that nobody has, by a viewer, an operator and an administrator. Both answers must be the same but for the name
 * itself, nothing of the other tenant may be in them, and its rows must be what they were.
 *
 * <p>An operation, a parameter or a field that is added later fails here until somebody has said what it names.
 */
class IsolationMatrixTest {
    private static final int LEAST_CASES = 1_000;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String WORD = "canary-5b1f";
    private static final String UNHEARD = "nobody-0c2e";
    private static final List<String> ROLES = List.of("viewer", "operator", "admin");
    /** What a made-up request can not do: replay without a gateway, and apply what nobody has previewed. */
    private static final Set<String> NEEDS_MORE = Set.of(
            "previewReplay",
            "replayQuarantine",
            "previewMatchingReplay",
            "replayMatchingQuarantine",
            "applyDeviceChange");

    private static final List<String> SEEN_BY_THE_GATEWAY = new CopyOnWriteArrayList<>();
    private static final AtomicInteger ASKED = new AtomicInteger();

    private static HttpServer gateway;
    private static TestApi api;
    private static Described described;
    private static Tenant victim;
    private static Map<Kind, String> unknown;
    private static Map<String, String> rowsBefore;
    private static SseClient victimsStream;

    @BeforeAll
    static void start() throws IOException {
        gateway = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        gateway.createContext("/", exchange -> {
            SEEN_BY_THE_GATEWAY.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(500, -1);
            exchange.close();
        });
        gateway.start();
        api = TestApi.behindTheWall(
                TestDatabase.postgres(),
                "--heliograph.query.replay.gateway-url=http://127.0.0.1:"
                        + gateway.getAddress().getPort(),
                "--heliograph.query.replay.secret=isolation-secret-0123456789",
                "--heliograph.query.stream.connections-per-user=1000");
        described = Described.by(api);
        victim = new Tenant(api, "victim", WORD);
        victimsStream = open(victim, "admin");
        await().atMost(PATIENCE).until(() -> !victimsStream.named("hello").isEmpty());
        victim.names.put(Kind.CONNECTION, connection(victimsStream));
        victim.names.put(Kind.CURSOR, cursor("/api/v1/devices?limit=1"));
        // Without Kafka no stream has a position; what is signed for another list is none here either.
        victim.names.put(Kind.POSITION, cursor("/api/v1/alerts?limit=1"));
        unknown = unheardOf(victim.names);
        // What is counted of its devices stays as it is from here on.
        api.jdbc.sql("SELECT fold_fleet(1000000)").query(Integer.class).single();
        rowsBefore = rowsOfTheVictim();
    }

    @AfterAll
    static void stop() {
        victimsStream.close();
        api.close();
        gateway.stop(0);
    }

    @TestFactory
    List<DynamicTest> givenNamesOfAnotherTenant_whenEveryOperationIsAskedEverywhere_thenTheyAreAsAbsentAsNone() {
        Requests requests = new Requests(api, described);
        List<DynamicTest> tests = new ArrayList<>();
        int cases = 0;
        for (Operation operation : described.operations()) {
            List<Place> places = requests.places(operation);
            cases += places.size() * Kind.values().length * ROLES.size();
            tests.add(DynamicTest.dynamicTest(operation.toString(), () -> check(requests, operation, places)));
        }
        int expected = cases;
        tests.add(DynamicTest.dynamicTest("every case was asked, and nothing of the other tenant has changed", () -> {
            assertThat(ASKED).hasValue(expected);
            assertThat(rowsOfTheVictim()).isEqualTo(rowsBefore);
            assertThat(SEEN_BY_THE_GATEWAY).isNotEmpty().noneMatch(body -> body.contains(WORD));
        }));
        assertThat(expected).isGreaterThanOrEqualTo(LEAST_CASES);
        return tests;
    }

    private static void check(Requests requests, Operation operation, List<Place> places) {
        Tenant thief = new Tenant(api, ("thief-" + operation.id()).toLowerCase(Locale.ROOT), "thief-77aa");
        try (SseClient stream = open(thief, "admin")) {
            await().atMost(PATIENCE).until(() -> !stream.named("hello").isEmpty());
            thief.names.put(Kind.CONNECTION, connection(stream));
            if (operation.id().equals("stream")) {
                streamed(requests, operation, thief, places);
                return;
            }
            SoftAssertions all = new SoftAssertions();
            for (Place place : places) {
                for (Kind kind : Kind.values()) {
                    for (String role : ROLES) {
                        compare(all, requests, operation, thief, role, place, kind);
                    }
                }
            }
            // Last, because some things are gone behind it: the thief's own request is one that works.
            Answer own = requests.send(operation, thief, "admin", null, "");
            all.assertThat(own.status())
                    .as("own request: " + own.body())
                    .isLessThan(NEEDS_MORE.contains(operation.id()) ? 504 : 300);
            all.assertThat(own.body()).doesNotContain(WORD, victim.id);
            all.assertAll();
        }
    }

    private static void compare(
            SoftAssertions all,
            Requests requests,
            Operation operation,
            Tenant thief,
            String role,
            Place place,
            Kind kind) {
        String foreign = foreign(operation, place, kind);
        String nobodys = kind == Kind.CURSOR ? unheard(foreign) : unknown.get(kind);
        Answer theirs = requests.send(operation, thief, role, place, foreign);
        Answer none = requests.send(operation, thief, role, place, nobodys);
        ASKED.incrementAndGet();
        String what = operation + ", " + role + ", " + place + " = " + kind;
        all.assertThat(theirs.status())
                .as(what + ": " + theirs.body() + none.body())
                .isEqualTo(none.status())
                .isLessThan(500);
        String shown = comparable(theirs.body(), foreign);
        all.assertThat(shown).as(what).isEqualTo(comparable(none.body(), nobodys));
        all.assertThat(shown).as(what).doesNotContain(WORD, Double.toString(Tenant.VALUE) + "1");
        if (place.in().equals("path")
                && place.kind() == kind
                && !operation.method().equals("PUT")) {
            all.assertThat(theirs.status()).as(what).isIn(403, 404);
        }
    }

    /** The endless answer: its status, and the first thing that it says. */
    private static void streamed(Requests requests, Operation operation, Tenant thief, List<Place> places) {
        for (Place place : places) {
            for (Kind kind : Kind.values()) {
                for (String role : ROLES) {
                    ASKED.incrementAndGet();
                    assertThat(beginning(requests, operation, thief, role, place, victim.names.get(kind)))
                            .as(role + ", " + place + " = " + kind)
                            .isEqualTo(beginning(requests, operation, thief, role, place, unknown.get(kind)));
                }
            }
        }
    }

    private static String beginning(
            Requests requests, Operation operation, Tenant thief, String role, Place place, String value) {
        var request = requests.prepare(operation, thief, place, value);
        String resume = request.headers().get("Last-Event-ID");
        try (SseClient client = new SseClient(api.port, request.target(), thief.token(role), resume, 0).read()) {
            await().atMost(PATIENCE)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(2))
                    .until(() -> client.ended
                            || !client.named(resume == null ? "hello" : "reset").isEmpty());
            return client.status + comparable(client.events.toString(), value);
        }
    }

    private static String foreign(Operation operation, Place place, Kind kind) {
        boolean ownCursor = kind == Kind.CURSOR && place.in().equals("query") && place.kind() == Kind.CURSOR;
        return ownCursor ? cursor(operation.path() + "?limit=1") : victim.names.get(kind);
    }

    private static String cursor(String list) {
        String cursor =
                api.get(list, victim.token("admin")).json().path("nextCursor").asString("");
        assertThat(cursor).as(list + " has a second page").isNotEmpty();
        return cursor;
    }

    private static SseClient open(Tenant tenant, String role) {
        return SseClient.open(api, "topics=presence,alerts,system&device=*", tenant.token(role));
    }

    private static String connection(SseClient stream) {
        return stream.named("hello").getFirst().data().path("connection").asString();
    }

    /** Names of the same kind and length that nobody has. */
    private static Map<Kind, String> unheardOf(Map<Kind, String> names) {
        Map<Kind, String> nobodys = new EnumMap<>(Kind.class);
        names.forEach((kind, name) -> nobodys.put(kind, unheard(name)));
        return nobodys;
    }

    private static String unheard(String name) {
        String other = name.replace(WORD, UNHEARD)
                .replace(WORD.replace('-', '_'), UNHEARD.replace('-', '_'))
                .replace("victim", "absent");
        if (!other.equals(name)) {
            return other;
        }
        // A UUID or a signed text: the digits and letters behind the first few are others.
        String tail = name.substring(name.length() - 6);
        return name.substring(0, name.length() - 6) + (tail.equals("0b0b0b") ? "0a0a0a" : "0b0b0b");
    }

    /** Without the name itself, and without what differs from one answer to the next. */
    private static String comparable(String body, String name) {
        String value = name.substring(name.indexOf(':') + 1);
        return body.replace(name, "(name)")
                .replace(value, "(name)")
                .replaceAll("\"requestId\":\"[^\"]*\"", "")
                .replaceAll("\"(password|nextCursor|connection)\":\"[^\"]*\"", "")
                .replaceAll("\\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\\b", "(id)")
                .replaceAll("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z", "(time)")
                .replaceAll("id=[A-Za-z0-9_-]{20,}", "id=(position)")
                .replaceAll("\"(ageSeconds|version|uptimeSeconds)\":[0-9.E-]+", "");
    }

    /** A digest of the victim's rows, by table. */
    private static Map<String, String> rowsOfTheVictim() {
        Map<String, String> rows = new TreeMap<>();
        List<String> tables = api.jdbc
                .sql(
                        "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'tenant' "
                                + "AND table_name IN (SELECT table_name FROM information_schema.tables WHERE table_type = 'BASE TABLE')")
                .query(String.class)
                .list();
        assertThat(tables).hasSizeGreaterThan(10);
        for (String table : tables) {
            rows.put(
                    table,
                    api.jdbc
                            .sql(
                                    "SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM "
                                            + table + " t WHERE tenant = 'victim'")
                            .query(String.class)
                            .single());
        }
        return rows;
    }
}
