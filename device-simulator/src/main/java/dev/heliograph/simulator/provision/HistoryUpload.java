package dev.heliograph.simulator.provision;

import dev.heliograph.model.id.DeviceId;
import dev.heliograph.model.reading.Sample;
import dev.heliograph.simulator.replay.Recording;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Sends a recording by the API of history ({@code POST /data:backfill}), with the times that it has. A batch that is not known
 * to be safe is sent again: the platform recognises what it has.
 */
public final class HistoryUpload implements AutoCloseable {
    /** Readings in one call; about 300 kB. */
    static final int BATCH = 2_000;

    private static final int ATTEMPTS = 60;
    private static final int REFUSALS_SHOWN = 20;
    private static final int TOO_MANY = 429;
    private static final int UNAVAILABLE = 503;
    private static final int BAD_REQUEST = 400;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final RestClient rest;
    private final Duration pause;
    private final Consumer<String> progress;
    private final ArrayNode batch = RestClient.JSON.createArrayNode();
    private long accepted;
    private long refused;
    private int shown;
    private String warning = "";

    /**
     * An upload.
     *
     * @param api origin of the REST API
     * @param token of an operator or administrator of the tenant
     * @param pause between the attempts while the platform is busy or away
     * @param progress takes lines for people
     */
    public HistoryUpload(URI api, Supplier<String> token, Duration pause, Consumer<String> progress) {
        this.rest = new RestClient(api, token);
        this.pause = pause;
        this.progress = progress;
    }

    /**
     * What became of a recording.
     *
     * @param accepted readings that the platform took
     * @param refused readings that it did not take
     */
    public record Result(long accepted, long refused) {}

    /** @throws ProvisioningException if the API refuses the call as a whole or is away for long */
    public Result send(Recording recording) throws InterruptedException {
        for (Map.Entry<DeviceId, List<Recording.Row>> device :
                recording.devices().entrySet()) {
            for (Recording.Row row : device.getValue()) {
                describe(batch.addObject(), device.getKey(), row);
                if (batch.size() == BATCH) {
                    flush(recording.rows());
                }
            }
        }
        flush(recording.rows());
        if (!warning.isEmpty()) {
            progress.accept("Note: " + warning);
        }
        return new Result(accepted, refused);
    }

    private static void describe(ObjectNode node, DeviceId device, Recording.Row row) {
        node.put("device", device.value())
                .put("ts", java.time.Instant.ofEpochMilli(row.timeMillis()).toString());
        ObjectNode metrics = node.putObject("metrics");
        for (Sample sample : row.samples()) {
            String metric = sample.metric().value();
            switch (sample) {
                case Sample.Measurement measurement -> metrics.put(metric, measurement.value());
                case Sample.Flag flag -> metrics.put(metric, flag.value());
                case Sample.State state -> metrics.put(metric, state.text());
            }
        }
    }

    private void flush(long all) throws InterruptedException {
        if (batch.isEmpty()) {
            return;
        }
        String body = RestClient.JSON.writeValueAsString(batch);
        RestClient.Answer answer = patiently(body);
        if (answer.status() == BAD_REQUEST) {
            // Nothing of it was taken; the answer has a reason for each.
            refused += batch.size();
            answer.json().path("errors").forEach(one -> show(one.path("detail").asString("")));
        } else {
            note(answer.json());
        }
        batch.removeAll();
        progress.accept("History: " + accepted + " of " + all + " readings accepted, " + refused + " refused");
    }

    private void note(JsonNode answer) {
        accepted += answer.path("accepted").asLong();
        refused += answer.path("refusedCount").asLong();
        answer.path("refused")
                .forEach(one -> show(one.path("reason").asString("") + ": "
                        + one.path("detail").asString("")));
        if (!answer.path("warnings").isEmpty()) {
            warning = answer.path("warnings").get(0).asString("");
        }
    }

    private void show(String refusal) {
        if (shown++ < REFUSALS_SHOWN) {
            progress.accept("Refused, " + refusal);
        }
    }

    private RestClient.Answer patiently(String body) throws InterruptedException {
        RestClient.Answer answer = rest.send("POST", "/data:backfill", body);
        for (int attempt = 1; isBusy(answer.status()) && attempt < ATTEMPTS; attempt++) {
            TimeUnit.NANOSECONDS.sleep(pause.toMillis() * NANOS_PER_MILLI);
            answer = rest.send("POST", "/data:backfill", body);
        }
        if (!answer.isSuccess() && answer.status() != BAD_REQUEST) {
            throw new ProvisioningException(answer.describe());
        }
        return answer;
    }

    private static boolean isBusy(int status) {
        return status == TOO_MANY || status == UNAVAILABLE;
    }

    @Override
    public void close() {
        rest.close();
    }
}
