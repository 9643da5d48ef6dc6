package dev.heliograph.simulator.provision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.heliograph.simulator.replay.CsvRecording;
import dev.heliograph.simulator.replay.Recording;
import java.io.IOException;
import java.io.StringReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class HistoryUploadTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final List<JsonNode> bodies = new CopyOnWriteArrayList<>();
    private final List<Integer> lengths = new CopyOnWriteArrayList<>();
    private final List<String> progress = new CopyOnWriteArrayList<>();
    private final Deque<Integer> statuses = new ArrayDeque<>();
    private HttpServer api;

    @BeforeEach
    void startApi() throws IOException {
        api = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        api.createContext("/api/v1/data:backfill", this::answer);
        api.start();
    }

    @AfterEach
    void stopApi() {
        api.stop(0);
    }

    @Test
    void givenABusyPlatform_whenUploaded_thenEachBatchComesUntilItIsTakenAndTheSumsAreTold() throws Exception {
        statuses.addAll(List.of(503, 202, 429, 202, 400));
        int rows = 2 * HistoryUpload.BATCH + 1;

        HistoryUpload.Result result = upload(rows);

        assertThat(bodies).extracting(JsonNode::size).containsExactly(2_000, 2_000, 2_000, 2_000, 1);
        assertThat(bodies.getFirst().get(0))
                .isEqualTo(JSON.readTree("{\"device\":\"room-1\",\"ts\":\"2015-02-04T17:51:00Z\",\"metrics\":"
                        + "{\"t\":0.5,\"on\":true,\"mode\":\"eco\"}}"));
        assertThat(result).isEqualTo(new HistoryUpload.Result(3_998, 3));
        assertThat(progress)
                .contains("Refused, LINE: odd", "Refused, RETENTION: too old", "Note: raw will go")
                .contains("History: 3998 of 4001 readings accepted, 3 refused");
    }

    @Test
    void givenWideRows_whenUploaded_thenNoBodyIsLongerThanTheApiTakesAndEachReadingComesOnce() throws Exception {
        int columns = 200;
        StringBuilder csv = new StringBuilder("device,time");
        for (int i = 0; i < columns; i++) {
            csv.append(",metric_of_a_long_name_").append(i);
        }
        for (int row = 0; row < 300; row++) {
            csv.append("\nroom-1,").append(1_423_072_260_000L + row * 1_000L).append(",20.125".repeat(columns));
        }
        for (int i = 0; i < 20; i++) {
            statuses.add(202);
        }

        upload(CsvRecording.read(new StringReader(csv.toString()), 300));

        assertThat(bodies.stream().mapToInt(JsonNode::size).sum()).isEqualTo(300);
        assertThat(bodies.stream()
                        .flatMap(body -> body.valueStream())
                        .map(reading -> reading.path("ts").asString()))
                .doesNotHaveDuplicates();
        assertThat(lengths).hasSizeBetween(5, 20).allMatch(length -> length <= HistoryUpload.MAX_BODY + 2);
    }

    @Test
    void givenAPlatformThatRestarts_whenUploaded_thenTheBatchComesAgain() throws Exception {
        statuses.addAll(List.of(502, 0, 202));

        HistoryUpload.Result result = upload(2);

        assertThat(bodies).hasSize(3);
        assertThat(result).isEqualTo(new HistoryUpload.Result(1, 1));
    }

    @Test
    void givenAnApiThatForbids_whenUploaded_thenItFailsWithItsAnswer() {
        statuses.add(403);

        assertThatThrownBy(() -> upload(1))
                .isInstanceOf(ProvisioningException.class)
                .hasMessageContaining("403");
    }

    private HistoryUpload.Result upload(int rows) throws IOException, InterruptedException {
        StringBuilder csv = new StringBuilder("device,time,t,on,mode\n");
        for (int i = 0; i < rows; i++) {
            csv.append("room-1,").append(1_423_072_260_000L + i * 1_000L).append(",0.5,true,eco\n");
        }
        return upload(CsvRecording.read(new StringReader(csv.toString()), rows));
    }

    private HistoryUpload.Result upload(Recording recording) throws InterruptedException {
        URI base = URI.create("http://127.0.0.1:" + api.getAddress().getPort());
        try (HistoryUpload upload = new HistoryUpload(base, () -> "t0ken", Duration.ofMillis(1), progress::add)) {
            return upload.send(recording);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        byte[] sent = exchange.getRequestBody().readAllBytes();
        JsonNode body = JSON.readTree(sent);
        bodies.add(body);
        lengths.add(sent.length);
        int status = statuses.remove();
        if (status == 0) {
            exchange.close(); // without an answer
            return;
        }
        String text = switch (status) {
            case 202 ->
                "{\"accepted\":" + (body.size() - 1)
                        + ",\"refusedCount\":1,\"refused\":[{\"index\":0,\"reason\":\"LINE\","
                        + "\"detail\":\"odd\",\"pointer\":\"\"}],\"warnings\":[\"raw will go\"]}";
            case 400 -> "{\"errors\":[{\"pointer\":\"/0\",\"detail\":\"RETENTION: too old\"}]}";
            default -> "{}";
        };
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
