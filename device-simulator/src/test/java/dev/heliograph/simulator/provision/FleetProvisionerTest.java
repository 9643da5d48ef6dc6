package dev.heliograph.simulator.provision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.heliograph.model.id.DeviceId;
import dev.heliograph.simulator.fleet.FleetPlan;
import dev.heliograph.simulator.fleet.SimulatedDevice;
import dev.heliograph.simulator.mqtt.LinkIdentity.Credential;
import dev.heliograph.simulator.physics.MetricSpec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

class FleetProvisionerTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    private Path directory;

    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final List<String> bodies = new CopyOnWriteArrayList<>();
    private final List<String> authorizations = new CopyOnWriteArrayList<>();
    private HttpServer api;
    private boolean keysAreHidden;
    private int status = 200;

    @BeforeEach
    void startApi() throws IOException {
        api = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        api.createContext("/", this::answer);
        api.start();
    }

    @AfterEach
    void stopApi() {
        api.stop(0);
    }

    @Test
    void givenNewFleet_whenProvisioned_thenSitesUnitsAndDevicesAreDeclaredAndKeysAreKeptPrivately() throws IOException {
        Credentials credentials = provision(10);

        assertThat(credentials.of(new DeviceId("boiler-001")))
                .contains(new Credential("demo/boiler-001", "key-boiler-001"));
        assertThat(calls)
                .contains("PUT /api/v1/sites/berlin", "PUT /api/v1/metrics/co2", "POST /api/v1/devices:register");
        assertThat(body("PUT /api/v1/sites/oslo").path("timezone").asString()).isEqualTo("Europe/Oslo");
        assertThat(body("PUT /api/v1/metrics/solar").path("unit").asString()).isEqualTo("W/m²");
        JsonNode device = body("POST /api/v1/devices:register").path("devices").get(0);
        assertThat(device.path("type").asString()).isEqualTo("boiler");
        assertThat(device.path("expectedIntervalSeconds").asInt()).isEqualTo(5);
        assertThat(authorizations).containsOnly("Bearer t0ken");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
    }

    @Test
    void givenKeptKeys_whenProvisionedAgain_thenNothingIsCalled() throws IOException {
        Credentials first = provision(10);
        calls.clear();

        assertThat(provision(10)).isEqualTo(first);
        assertThat(calls).isEmpty();
    }

    @Test
    void givenLargerFleet_whenProvisionedAgain_thenOnlyTheNewDevicesAreRegistered() throws IOException {
        provision(10);
        calls.clear();
        bodies.clear();

        Credentials credentials = provision(12);

        assertThat(credentials.byDevice()).hasSize(12);
        assertThat(body("POST /api/v1/devices:register").path("devices")).hasSize(2);
    }

    @Test
    void givenMoreThanABatch_whenProvisioned_thenSeveralCallsAreMade() throws IOException {
        provision(2_100);

        assertThat(calls.stream().filter(call -> call.endsWith("devices:register")))
                .hasSize(3);
    }

    @Test
    void givenDeviceThatKeepsItsKey_whenRegistered_thenTheKeyIsReplaced() throws IOException {
        keysAreHidden = true;

        Credentials credentials = provision(1);

        assertThat(calls).contains("POST /api/v1/devices/boiler-001/credentials");
        assertThat(credentials.of(new DeviceId("boiler-001"))).contains(new Credential("demo/boiler-001", "new-key"));
    }

    @Test
    void givenRefusal_whenProvisioned_thenTheErrorNamesTheCallAndNotTheToken() {
        status = 403;

        assertThatThrownBy(() -> provision(1))
                .isInstanceOf(ProvisioningException.class)
                .hasMessageContaining("/api/v1/sites/berlin")
                .hasMessageContaining("403")
                .message()
                .doesNotContain("t0ken");
        assertThat(file()).doesNotExist();
    }

    @Test
    void givenBrokenFile_whenRead_thenItIsNotOverwritten() throws IOException {
        Files.writeString(file(), "not JSON");

        assertThatThrownBy(() -> provision(1)).isInstanceOf(IOException.class).hasMessageContaining("credentials file");
        assertThat(file()).hasContent("not JSON");
    }

    @Test
    void givenClientCredentials_whenTokenIsAskedForTwice_thenTheIssuerIsAskedOnce() {
        ClientCredentialsToken token = new ClientCredentialsToken(
                origin().resolve("/auth"),
                "heliograph-cli",
                "s3cret",
                "demo",
                Clock.fixed(Instant.parse("2026-11-23T00:00:00Z"), ZoneOffset.UTC));

        assertThat(token.get()).isEqualTo("issued");
        assertThat(token.get()).isEqualTo("issued");
        assertThat(calls).containsExactly("GET /auth/.well-known/openid-configuration", "POST /auth/oauth2/token");
        assertThat(bodies.getLast()).isEqualTo("grant_type=client_credentials&role=admin&tenant=demo");
    }

    @Test
    void givenTokenCommand_whenItPrintsOne_thenThatIsTheToken() {
        assertThat(new CommandToken("echo abc").get()).isEqualTo("abc");
        assertThatThrownBy(() -> new CommandToken("exit 3").get())
                .isInstanceOf(ProvisioningException.class)
                .hasMessageContaining("3");
    }

    private Credentials provision(int count) throws IOException {
        List<SimulatedDevice> devices =
                FleetPlan.of(count, 1, Duration.ofSeconds(5), null).devices();
        return new FleetProvisioner(origin(), () -> "t0ken", file()).provision(devices, MetricSpec.ALL);
    }

    private Path file() {
        return directory.resolve("keys.json");
    }

    private URI origin() {
        return URI.create("http://127.0.0.1:" + api.getAddress().getPort());
    }

    private JsonNode body(String call) {
        return JSON.readTree(bodies.get(calls.indexOf(call)));
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        calls.add(exchange.getRequestMethod() + " " + path);
        bodies.add(body);
        authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
        byte[] reply = reply(path, body).getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, reply.length == 0 ? -1 : reply.length);
        exchange.getResponseBody().write(reply);
        exchange.close();
    }

    private String reply(String path, String body) {
        if (path.endsWith("/openid-configuration")) {
            return "{\"token_endpoint\":\"" + origin().resolve("/auth/oauth2/token") + "\"}";
        }
        if (path.endsWith("/oauth2/token")) {
            return "{\"access_token\":\"issued\",\"expires_in\":300}";
        }
        if (path.endsWith("/credentials")) {
            return "{\"device\":\"boiler-001\",\"username\":\"demo/boiler-001\",\"password\":\"new-key\"}";
        }
        return path.endsWith("/devices:register") ? registered(body) : "";
    }

    private String registered(String body) {
        ObjectNode reply = JSON.createObjectNode();
        ArrayNode devices = reply.putArray("devices");
        for (JsonNode device : JSON.readTree(body).path("devices")) {
            String id = device.path("id").asString();
            devices.addObject()
                    .put("id", id)
                    .put("created", !keysAreHidden)
                    .put("username", "demo/" + id)
                    .put("password", keysAreHidden ? null : "key-" + id);
        }
        return reply.toString();
    }
}
