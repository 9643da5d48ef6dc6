package dev.heliograph.ingest.funnel;

import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.reading.Transport;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What it costs to decode a reading of four numbers with time and sequence: processor time of the thread and bytes
 * allocated, each the median and the range of several rounds. Run as a program; the README has the command and figures.
 */
final class DecodeBenchmark {
    private static final long NOW_MICROS = 1_790_000_000_000_000L;
    private static final DeviceKey DEVICE = DeviceKey.of("demo", "boiler-7");
    private static final String TOPIC = "iot/v1/demo/boiler-7/telemetry";
    private static final int READINGS_OF_A_BATCH = 20;
    private static final int WARM_UP_MESSAGES = 200_000;
    private static final int MESSAGES = 100_000;
    private static final int ROUNDS = 7;

    private DecodeBenchmark() {}

    static void main(String[] args) {
        Funnel funnel = new Funnel(FunnelLimits.DEFAULTS, TopicMappings.DEFAULTS, Admission.ALL);
        messages().forEach((name, message) -> {
            int readings = funnel.pass(message).readings().size();
            if (!funnel.pass(message).isClean()) {
                throw new IllegalStateException(
                        name + " is refused: " + funnel.pass(message).refusals());
            }
            measure(funnel, name, message, readings);
        });
    }

    private static Map<String, RawMessage> messages() {
        String reading = "{\"ts\":1790000000123,\"seq\":42,\"metrics\":{\"temperature\":21.4,\"humidity\":40.2,"
                + "\"pressure\":1013.25,\"power\":1250}}";
        String batch = "[" + String.join(",", Collections.nCopies(READINGS_OF_A_BATCH, reading)) + "]";
        String record =
                "{\"n\":\"humidity\",\"u\":\"%RH\",\"v\":40.2},{\"n\":\"pressure\",\"u\":\"hPa\",\"v\":1013.25},"
                        + "{\"n\":\"power\",\"u\":\"W\",\"v\":1250}";
        String senml =
                "[{\"bn\":\"urn:dev:ow:10e2073a01080063:\",\"bt\":1790000000.123,\"n\":\"temperature\",\"u\":\"Cel\","
                        + "\"v\":21.4}," + record + "]";
        String line = "room temperature=21.4,humidity=40.2,pressure=1013.25,power=1250i 1790000000123000000";
        String lines =
                IntStream.range(0, READINGS_OF_A_BATCH).mapToObj(i -> line).collect(Collectors.joining("\n"));
        Map<String, RawMessage> messages = new LinkedHashMap<>();
        messages.put("JSON, 1 reading", message("application/json", utf8(reading)));
        messages.put("JSON, 20 readings", message("application/json", utf8(batch)));
        messages.put("CBOR, 1 reading", message("application/cbor", CborBytes.of(reading)));
        messages.put("CBOR, 20 readings", message("application/cbor", CborBytes.of(batch)));
        messages.put("SenML JSON, 1 reading", message("application/senml+json", utf8(senml)));
        messages.put("SenML CBOR, 1 reading", message("application/senml+cbor", CborBytes.of(senml)));
        messages.put("line protocol, 1 reading", message("text/plain", utf8(line)));
        messages.put("line protocol, 20 readings", message("text/plain", utf8(lines)));
        return messages;
    }

    private static void measure(Funnel funnel, String name, RawMessage message, int readings) {
        int perRound = MESSAGES / readings;
        run(funnel, message, WARM_UP_MESSAGES / readings);
        double[] nanos = new double[ROUNDS];
        double[] bytes = new double[ROUNDS];
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (int round = 0; round < ROUNDS; round++) {
            long allocated = threads.getCurrentThreadAllocatedBytes();
            long spent = threads.getCurrentThreadCpuTime();
            run(funnel, message, perRound);
            nanos[round] = (double) (threads.getCurrentThreadCpuTime() - spent) / perRound / readings;
            bytes[round] = (double) (threads.getCurrentThreadAllocatedBytes() - allocated) / perRound / readings;
        }
        Arrays.sort(nanos);
        Arrays.sort(bytes);
        System.out.printf(
                Locale.ROOT,
                "%-28s %4d bytes: %6.0f ns a reading (%.0f to %.0f), %5.0f bytes allocated%n",
                name,
                message.payload().length,
                nanos[ROUNDS / 2],
                nanos[0],
                nanos[ROUNDS - 1],
                bytes[ROUNDS / 2]);
    }

    private static void run(Funnel funnel, RawMessage message, int times) {
        for (int i = 0; i < times; i++) {
            if (funnel.pass(message).readings().isEmpty()) {
                throw new IllegalStateException("what was taken before is refused now");
            }
        }
    }

    private static RawMessage message(String contentType, byte[] payload) {
        return new RawMessage(TOPIC, payload, DEVICE, contentType, 0, NOW_MICROS, Transport.MQTT);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
