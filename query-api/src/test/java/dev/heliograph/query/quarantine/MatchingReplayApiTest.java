package dev.heliograph.query.quarantine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.model.wire.ReplayRequest;
import dev.heliograph.query.testing.TestApi;
import dev.heliograph.query.testing.TestApi.Answer;
import dev.heliograph.query.testing.TestTokens;
import dev.heliograph.storage.TestDatabase;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The replay of all that a filter finds, by a gateway that is played by the test. */
class MatchingReplayApiTest {
    private static final int PAGE = 120;
    private static final String GOOD = "{\"t\":1}";
    private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private static final List<String> REASONS = List.of("TOPIC", "JSON", "RATE");
    private static final List<String> TRANSPORTS = List.of("mqtt", "http", "kafka");

    private static PlayedGateway gateway;
    private static TestApi api;

    @BeforeAll
    static void start() throws IOException {
        gateway = new PlayedGateway();
        String[] settings = Stream.concat(
                        Stream.of(gateway.settings()), Stream.of("--heliograph.query.replay.page-rows=" + PAGE))
                .toArray(String[]::new);
        api = new TestApi(TestDatabase.postgres(), settings);
    }

    @AfterAll
    static void stop() {
        api.close();
        gateway.close();
    }

    @BeforeEach
    void fresh() {
        gateway.fresh();
    }

    /** A row as the test knows it. */
    private record Row(
            UUID id,
            String reason,
            @Nullable String device,
            String transport,
            Instant receivedAt,
            String payload,
            long size,
            @Nullable String outcome) {

        boolean isReplayable() {
            return !transport.equals("kafka") && size == payload.length() && !wasAccepted();
        }

        boolean wasAccepted() {
            return outcome != null && !outcome.equals("refused");
        }
    }

    @Test
    void givenRowsOfEveryKind_whenPreviewed_thenTheyAreCountedTheOldestAreJudgedAndNothingIsChanged() {
        String tenant = "match-a";
        for (int i = 0; i < 130; i++) {
            put(tenant, row("TOPIC", "boiler-1", "mqtt", 1_000 - i, i % 10 == 0 ? "bad" : GOOD, null));
        }
        put(tenant, row("TOPIC", "boiler-1", "mqtt", 10, GOOD, "accepted"));
        put(tenant, row("TOPIC", "boiler-1", "mqtt", 10, GOOD, "partial"));
        put(tenant, row("TOPIC", "boiler-1", "mqtt", 10, GOOD, "refused"));
        put(tenant, row("TOPIC", "boiler-1", "kafka", 10, GOOD, null));
        put(tenant, cut(row("TOPIC", "boiler-1", "http", 10, GOOD, null)));
        put(tenant, row("JSON", "boiler-1", "mqtt", 10, GOOD, null));
        put("match-b", row("TOPIC", "boiler-1", "mqtt", 10, GOOD, null));

        JsonNode preview = preview(tenant, "{\"reason\":\"TOPIC\",\"from\":\"now-1d\"}");

        assertThat(preview.path("matched").asInt()).isEqualTo(135);
        assertThat(preview.path("matchedIsExact").asBoolean()).isTrue();
        assertThat(preview.path("replayable").asInt()).isEqualTo(131);
        assertThat(preview.path("alreadyReplayed").asInt()).isEqualTo(2);
        assertThat(preview.path("notReplayable").asInt()).isEqualTo(2);
        assertThat(preview.path("reasons").toString()).isEqualTo("{\"TOPIC\":131}");
        assertThat(preview.path("sample").toString())
                .isEqualTo("{\"rows\":100,\"accepted\":90,\"partial\":0,\"refused\":10,\"failed\":0,\"readings\":90,"
                        + "\"samples\":90,\"refusals\":[{\"reason\":\"JSON\",\"rows\":10,\"detail\":\"still none\"}]}");
        assertThat(gateway.asked).singleElement().satisfies(asked -> {
            assertThat(asked.dryRun()).isTrue();
            assertThat(asked.messages()).allMatch(message -> message.tenant().equals(tenant));
        });
        assertThat(api.jdbc
                        .sql("SELECT count(*) FROM quarantine WHERE tenant = :t AND replayed_at IS NOT NULL")
                        .param("t", tenant)
                        .query(Integer.class)
                        .single())
                .isEqualTo(3);
    }

    @Test
    void givenAPreview_whenReplayedPageByPage_thenEachRowIsTakenOnceOldestFirstAndProgressIsTold() {
        String tenant = "match-c";
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            rows.add(put(tenant, row("TOPIC", "boiler-1", "mqtt", 7_000 - i / 3, i % 50 == 0 ? "bad" : GOOD, null)));
        }
        put(tenant, row("JSON", "boiler-1", "mqtt", 10, GOOD, null));
        String cursor = preview(tenant, "{\"reason\":\"TOPIC\"}").path("cursor").asString();
        // What comes after the preview was not previewed.
        put(tenant, row("TOPIC", "boiler-1", "mqtt", -3_600, GOOD, null));
        gateway.fresh();

        List<JsonNode> pages = run(tenant, cursor);

        assertThat(pages)
                .extracting(page -> page.path("taken").path("rows").asInt())
                .containsExactly(120, 120, 60);
        assertThat(pages).extracting(page -> page.path("remaining").asInt()).containsExactly(180, 60, 0);
        assertThat(pages.stream()
                        .mapToInt(page -> page.path("taken").path("accepted").asInt()))
                .containsExactly(117, 118, 59);
        assertThat(gateway.asked).extracting(asked -> asked.messages().size()).containsExactly(100, 20, 100, 20, 60);
        List<ReplayRequest.Message> taken = gateway.asked.stream()
                .flatMap(asked -> asked.messages().stream())
                .toList();
        assertThat(taken).extracting(ReplayRequest.Message::id).doesNotHaveDuplicates();
        assertThat(taken)
                .extracting(ReplayRequest.Message::id)
                .containsExactlyInAnyOrderElementsOf(
                        rows.stream().map(row -> row.id().toString()).toList());
        assertThat(taken).isSortedAccordingTo(Comparator.comparingLong(ReplayRequest.Message::received));
        assertThat(outcomes(tenant)).containsExactly("accepted 294", "null 2", "refused 6");
        assertThat(api.jdbc
                        .sql("SELECT count(*) FROM audit WHERE tenant = :t AND action = 'quarantine.replay' "
                                + "AND detail->>'filter' LIKE 'reason=TOPIC to=%' AND detail->>'outcome' IS NOT NULL")
                        .param("t", tenant)
                        .query(Integer.class)
                        .single())
                .isEqualTo(300);
        // Only what is refused still is left for another run.
        JsonNode again = preview(tenant, "{\"reason\":\"TOPIC\",\"replayed\":true}");
        assertThat(List.of(
                        again.path("replayable").asInt(),
                        again.path("alreadyReplayed").asInt()))
                .containsExactly(6, 294);
    }

    @Test
    void givenAGatewayThatGoesAway_whenReplayed_thenWhatWasTakenIsToldAndTheCursorGoesOnFromThere() {
        String tenant = "match-d";
        for (int i = 0; i < 150; i++) {
            put(tenant, row("TOPIC", null, "mqtt", 1_000 - i, GOOD, null));
        }
        String cursor = preview(tenant, "{}").path("cursor").asString();
        gateway.fresh();
        gateway.answersOnly(1);

        JsonNode first = replay(tenant, cursor).json();
        String next = first.path("nextCursor").asString();
        Answer away = replay(tenant, next);
        gateway.answersOnly(10);
        List<JsonNode> rest = run(tenant, next);

        assertThat(first.path("taken").path("rows").asInt()).isEqualTo(100);
        assertThat(away.status()).isEqualTo(503);
        assertThat(away.json().path("type").asString()).endsWith("replay-unavailable");
        assertThat(away.header("Retry-After")).isEqualTo("5");
        assertThat(rest)
                .extracting(page -> page.path("taken").path("rows").asInt())
                .containsExactly(50);
        assertThat(gateway.asked).extracting(asked -> asked.messages().size()).containsExactly(100, 50);
    }

    /** Rows and filters at random; the reference filters a list. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void givenRandomRowsAndFilters_whenReplayed_thenExactlyThoseOfTheListThatCanAreTaken(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 4; round++) {
            String tenant = "match-r" + seed + "-" + round;
            List<Row> rows = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                rows.add(put(tenant, anyRow(random)));
            }
            String reason = random.nextBoolean() ? null : REASONS.get(random.nextInt(REASONS.size()));
            String device = random.nextBoolean() ? null : "d" + random.nextInt(3);
            String transport = random.nextInt(3) > 0 ? null : TRANSPORTS.get(random.nextInt(TRANSPORTS.size()));
            Instant from = random.nextBoolean() ? null : NOW.minusSeconds(random.nextInt(100));
            Instant to = random.nextBoolean() ? null : NOW.minusSeconds(random.nextInt(100));
            Boolean replayed = random.nextInt(3) > 0 ? null : Boolean.valueOf(random.nextBoolean());
            Predicate<Row> matches = row -> (reason == null || row.reason().equals(reason))
                    && (device == null || device.equals(row.device()))
                    && (transport == null || row.transport().equals(transport))
                    && (from == null || !row.receivedAt().isBefore(from))
                    && (to == null || row.receivedAt().isBefore(to))
                    && (replayed == null || replayed == (row.outcome() != null));
            String filter = body(reason, device, transport, from, to, replayed);
            gateway.fresh();

            JsonNode preview = preview(tenant, filter);
            gateway.fresh();
            String cursor = text(preview.path("cursor"));
            if (cursor != null) {
                run(tenant, cursor);
            }

            String what = "seed " + seed + ": " + filter;
            List<Row> found = rows.stream().filter(matches).toList();
            assertThat(preview.path("matched").asInt()).as(what).isEqualTo(found.size());
            assertThat(preview.path("alreadyReplayed").asInt()).as(what).isEqualTo((int)
                    found.stream().filter(Row::wasAccepted).count());
            List<String> expected = found.stream()
                    .filter(Row::isReplayable)
                    .map(row -> row.id().toString())
                    .toList();
            assertThat(preview.path("replayable").asInt()).as(what).isEqualTo(expected.size());
            assertThat(gateway.asked.stream()
                            .flatMap(asked -> asked.messages().stream())
                            .map(ReplayRequest.Message::id))
                    .as(what)
                    .containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    @Test
    void givenAViewerOrACursorOfAnotherTenant_whenReplayed_thenItIsRefusedAndNothingIsAsked() {
        put("match-e", row("TOPIC", null, "mqtt", 10, GOOD, null));
        put("match-f", row("TOPIC", null, "mqtt", 10, GOOD, null));
        String cursor = preview("match-e", "{}").path("cursor").asString();
        gateway.fresh();

        assertThat(api.post("/api/v1/quarantine:previewMatching", TestTokens.of("match-e", "viewer"), "{}")
                        .status())
                .isEqualTo(403);
        assertThat(api.post("/api/v1/quarantine:replayMatching", TestTokens.of("match-e", "viewer"), order(cursor))
                        .status())
                .isEqualTo(403);
        assertThat(replay("match-f", cursor).status()).isEqualTo(400);
        assertThat(replay("match-f", cursor)
                        .json()
                        .path("errors")
                        .path(0)
                        .path("pointer")
                        .asString())
                .isEqualTo("/cursor");
        assertThat(gateway.asked).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "previewMatching | {\"reason\":\"json\"}",
                "previewMatching | {\"device\":\"Not A Slug\"}",
                "previewMatching | {\"transport\":\"smoke\"}",
                "previewMatching | {\"from\":\"yesterday\"}",
                "replayMatching  | {}",
                "replayMatching  | {\"cursor\":\"AAAA\"}",
            })
    void givenSomethingThatIsNoFilterOrCursor_whenAsked_then400(String operation, String body) {
        assertThat(api.post("/api/v1/quarantine:" + operation, TestTokens.of("match-g", "operator"), body)
                        .status())
                .isEqualTo(400);
    }

    private static Row anyRow(Random random) {
        Row row = row(
                REASONS.get(random.nextInt(REASONS.size())),
                random.nextInt(4) == 0 ? null : "d" + random.nextInt(3),
                TRANSPORTS.get(random.nextInt(TRANSPORTS.size())),
                random.nextInt(100),
                random.nextInt(3) == 0 ? "bad" : GOOD,
                switch (random.nextInt(6)) {
                    case 0 -> "accepted";
                    case 1 -> "partial";
                    case 2 -> "refused";
                    default -> null;
                });
        return random.nextInt(5) == 0 ? cut(row) : row;
    }

    private static String body(
            @Nullable String reason,
            @Nullable String device,
            @Nullable String transport,
            @Nullable Instant from,
            @Nullable Instant to,
            @Nullable Boolean replayed) {
        List<String> fields = new ArrayList<>();
        if (reason != null) {
            fields.add("\"reason\":\"" + reason + "\"");
        }
        if (device != null) {
            fields.add("\"device\":\"" + device + "\"");
        }
        if (transport != null) {
            fields.add("\"transport\":\"" + transport + "\"");
        }
        if (from != null) {
            fields.add("\"from\":\"" + from + "\"");
        }
        if (to != null) {
            fields.add("\"to\":\"" + to + "\"");
        }
        if (replayed != null) {
            fields.add("\"replayed\":" + replayed);
        }
        return "{" + String.join(",", fields) + "}";
    }

    private static JsonNode preview(String tenant, String filter) {
        Answer answer = api.post("/api/v1/quarantine:previewMatching", TestTokens.of(tenant, "operator"), filter);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json();
    }

    private static Answer replay(String tenant, String cursor) {
        return api.post("/api/v1/quarantine:replayMatching", TestTokens.of(tenant, "operator"), order(cursor));
    }

    private static String order(String cursor) {
        return "{\"cursor\":\"" + cursor + "\"}";
    }

    /** Every page until the last. */
    private static List<JsonNode> run(String tenant, String begin) {
        List<JsonNode> pages = new ArrayList<>();
        String cursor = begin;
        while (cursor != null) {
            Answer answer = replay(tenant, cursor);
            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
            pages.add(answer.json());
            cursor = text(answer.json().path("nextCursor"));
        }
        return pages;
    }

    private static @Nullable String text(JsonNode node) {
        return node.isNull() ? null : node.asString();
    }

    private static List<String> outcomes(String tenant) {
        return api.jdbc
                .sql("SELECT coalesce(replay_outcome, 'null') || ' ' || count(*) FROM quarantine WHERE tenant = :t "
                        + "GROUP BY replay_outcome ORDER BY 1")
                .param("t", tenant)
                .query(String.class)
                .list();
    }

    private static Row row(
            String reason,
            @Nullable String device,
            String transport,
            int secondsAgo,
            String payload,
            @Nullable String outcome) {
        return new Row(
                UUID.randomUUID(),
                reason,
                device,
                transport,
                NOW.minusSeconds(secondsAgo),
                payload,
                payload.length(),
                outcome);
    }

    /** Of which only the beginning was kept. */
    private static Row cut(Row row) {
        return new Row(
                row.id(),
                row.reason(),
                row.device(),
                row.transport(),
                row.receivedAt(),
                row.payload(),
                5_000,
                row.outcome());
    }

    private static Row put(String tenant, Row row) {
        api.jdbc
                .sql(
                        "INSERT INTO quarantine (id, tenant, device, topic, transport, reason, detail, received_at, size, sha256,"
                                + " payload, replayed_at, replayed_by, replay_outcome) VALUES (:id, :t, :d, 'topic', :tr, :reason, 'no',"
                                + " :at, :size, 'ab', :p, CASE WHEN :outcome::text IS NULL THEN NULL ELSE now() END, 'x', :outcome)")
                .param("id", row.id())
                .param("t", tenant)
                .param("d", row.device())
                .param("tr", row.transport())
                .param("reason", row.reason())
                .param("at", row.receivedAt().atOffset(ZoneOffset.UTC))
                .param("size", row.size())
                .param("p", row.payload().getBytes(UTF_8))
                .param("outcome", row.outcome())
                .update();
        return row;
    }
}
