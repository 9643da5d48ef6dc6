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
import tools.jackson.databind.node.ObjectNode;

/**
 * Sends a recording by the API of history ({@code POST /data:backfill}), with the times that it has. A batch that is not known
 * to be safe is sent again: the platform recognises what it has.
 */
public final class HistoryUpload implements AutoCloseable {
    /** Most readings in one call. */
    static final int BATCH = 2_000;

    /** Longest body, in characters: below the API's limit of 1 MiB also where some of them take two bytes or more. */
    static final int MAX_BODY = 320 * 1_024;

    private static final int ATTEMPTS = 60;
    private static final int REFUSALS_SHOWN = 20;
    private static final int TOO_MANY = 429;
    private static final int BAD_GATEWAY = 502;
    private static final int UNAVAILABLE = 503;
    private static final int GATEWAY_TIMEOUT = 504;
    private static final int BAD_REQUEST = 400;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final RestClient rest;
    private final Duration pause;
    private final Consumer<String> progress;
    private final StringBuilder body = new StringBuilder();
    private int batched;
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
                String reading = describe(device.getKey(), row).toString();
                if (batched == BATCH || body.length() + reading.length() > MAX_BODY) {
                    flush(recording.rows());
                }
                body.append(batched++ == 0 ? '[' : ',').append(reading);
            }
        }
        flush(recording.rows());
        if (!warning.isEmpty()) {
            progress.accept("Note: " + warning);
        }
        return new Result(accepted, refused);
    }

    private static ObjectNode describe(DeviceId device, Recording.Row row) {
        ObjectNode node = RestClient.JSON.createObjectNode();
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
        return node;
    }

    private void flush(long all) throws InterruptedException {
        if (batched == 0) {
            return;
        }
        RestClient.Answer answer = patiently(body.append(']').toString());
        if (answer.status() == BAD_REQUEST) {
            // Nothing of it was taken; the answer has a reason for each.
            refused += batched;
            answer.json().path("errors").forEach(one -> show(one.path("detail").asString("")));
        } else {
            note(answer.json());
        }
        body.setLength(0);
        batched = 0;
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

    private RestClient.Answer patiently(String readings) throws InterruptedException {
        RestClient.Answer answer = rest.sendOrNoAnswer("POST", "/data:backfill", readings);
        for (int attempt = 1; isBusy(answer.status()) && attempt < ATTEMPTS; attempt++) {
            TimeUnit.NANOSECONDS.sleep(pause.toMillis() * NANOS_PER_MILLI);
            answer = rest.sendOrNoAnswer("POST", "/data:backfill", readings);
        }
        if (!answer.isSuccess() && answer.status() != BAD_REQUEST) {
            throw new ProvisioningException(answer.describe());
        }
        return answer;
    }

    /** Busy, away, or away behind a proxy. */
    private static boolean isBusy(int status) {
        return switch (status) {
            case TOO_MANY, BAD_GATEWAY, UNAVAILABLE, GATEWAY_TIMEOUT, RestClient.NO_ANSWER -> true;
            default -> false;
        };
    }

    @Override
    public void close() {
        rest.close();
    }
}
