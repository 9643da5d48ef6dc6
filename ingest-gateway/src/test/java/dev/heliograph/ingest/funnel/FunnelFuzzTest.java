package dev.heliograph.ingest.funnel;

import static dev.heliograph.ingest.funnel.FunnelFixture.DEVICE;
import static dev.heliograph.ingest.funnel.FunnelFixture.NOW_MICROS;
import static dev.heliograph.ingest.funnel.FunnelFixture.TOPIC;
import static dev.heliograph.ingest.funnel.FunnelFixture.corpus;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.model.reading.Reading;
import dev.heliograph.model.reading.Sample;
import dev.heliograph.model.reading.Transport;
import dev.heliograph.model.wire.ReadingCodec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Mutations of known input of every codec by a fixed seed: whatever comes in, what goes out is readings and refusals, and
 * bounded. {@code -Dheliograph.fuzz.inputs=1000000} makes a long run of it.
 */
class FunnelFuzzTest {
    private static final long SEED = 20_261_123;
    private static final int INPUTS = Integer.getInteger("heliograph.fuzz.inputs", 20_000);
    private static final int MAX_MUTATIONS = 3;
    private static final byte[] TELLING =
            "{}[]\":,\\u0019eE+-.NaInfinitytruefalsenull\u0000\u00ff \n/*'=it_".getBytes(StandardCharsets.ISO_8859_1);
    private static final byte[] TELLING_CBOR = HexFormat.of()
            .parseHex("0017181920373839405758595b5f60777b7f80979b9fa0b7bbbfc0c1c2c3d9dff4f5f6f7f8f9fafbfcff");

    private final Random random = new Random(SEED);
    private final List<Seed> seeds = seeds();

    /** Input that is known, on its way. */
    private record Seed(
            String codec, String topic, @Nullable String contentType, byte[] payload) {}

    @Test
    void givenMutatedInput_whenPassed_thenItEndsInReadingsAndRefusalsOnly() {
        Funnel funnel = new Funnel(FunnelLimits.DEFAULTS, FunnelFixture.everyLayout(), Admission.ALL);
        Map<String, int[]> counts = new TreeMap<>();
        Map<Reason, Integer> reasons = new TreeMap<>();

        for (int i = 0; i < INPUTS; i++) {
            Seed seed = seeds.get(random.nextInt(seeds.size()));
            byte[] input = mutate(seed);
            Outcome outcome = funnel.pass(
                    new RawMessage(seed.topic(), input, DEVICE, seed.contentType(), 0, NOW_MICROS, Transport.MQTT));

            check(outcome, i);
            int[] count = counts.computeIfAbsent(seed.codec(), codec -> new int[3]);
            count[0]++;
            count[1] += outcome.readings().isEmpty() ? 0 : 1;
            count[2] += outcome.refusals().isEmpty() ? 0 : 1;
            outcome.refusals().forEach(refusal -> reasons.merge(refusal.reason(), 1, Integer::sum));
        }

        report(counts, reasons);
        counts.forEach((codec, count) -> {
            assertThat(count[1]).as("some of %s stays good", codec).isGreaterThan(count[0] / 40);
            assertThat(count[2]).as("some of %s is broken", codec).isGreaterThan(count[0] / 10);
        });
    }

    private static void check(Outcome outcome, int input) {
        if (outcome.readings().isEmpty() && outcome.refusals().isEmpty()) {
            throw new AssertionError("input " + input + " has vanished");
        }
        if (outcome.readings().size() > outcome.items()) {
            throw new AssertionError("input " + input + " has more readings than parts");
        }
        for (Reading reading : outcome.readings()) {
            Set<Object> metrics = new HashSet<>();
            reading.samples().forEach(sample -> metrics.add(sample.metric()));
            if (metrics.size() != reading.samples().size() || !survivesTheWire(reading)) {
                throw new AssertionError("input " + input + " became a reading that cannot be kept: " + reading);
            }
        }
    }

    /** The wire groups samples by kind, so their order is not kept. */
    private static boolean survivesTheWire(Reading reading) {
        Reading decoded = ReadingCodec.decode(ReadingCodec.encode(reading));
        Set<Sample> samples = new HashSet<>(reading.samples());
        Reading inOrder = new Reading(
                reading.device(),
                reading.timeMicros(),
                reading.receivedMicros(),
                reading.sequence(),
                decoded.samples(),
                reading.location(),
                reading.transport(),
                reading.flags());
        return samples.equals(new HashSet<>(decoded.samples())) && inOrder.equals(decoded);
    }

    private static void report(Map<String, int[]> counts, Map<Reason, Integer> reasons) {
        System.out.println(counts.entrySet().stream()
                .map(entry -> entry.getKey() + " " + entry.getValue()[0] + " inputs, " + entry.getValue()[1]
                        + " with readings, " + entry.getValue()[2] + " with refusals")
                .collect(Collectors.joining(
                        "\n", "Fuzzed with seed " + SEED + ":\n", "\nrefusals by reason: " + reasons)));
    }

    private static List<Seed> seeds() {
        List<Seed> seeds = new ArrayList<>();
        List<String> accepted = corpus("accepted.txt");
        accepted.forEach(json -> {
            seeds.add(new Seed("json", TOPIC, null, utf8(json)));
            seeds.add(new Seed("cbor", TOPIC, "application/cbor", CborBytes.of(json)));
        });
        for (String line : corpus("refused.txt")) {
            String json = line.split("\t", 2)[1];
            seeds.add(new Seed("json", json.length() % 8 == 0 ? TOPIC + "/t" : TOPIC, null, utf8(json)));
        }
        for (String pack : corpus("senml.txt")) {
            for (int i = 0; i < 4; i++) {
                seeds.add(new Seed("senml", TOPIC, "application/senml+json", utf8(pack)));
            }
            seeds.add(new Seed("senml-cbor", TOPIC, "application/senml+cbor", CborBytes.of(pack)));
        }
        String lines = String.join("\n", corpus("lines.txt"));
        for (int i = 0; i < 10; i++) {
            seeds.add(new Seed("line-protocol", TOPIC, "text/plain", utf8(lines)));
        }
        corpus("lines.txt").forEach(line -> seeds.add(new Seed("line-protocol", TOPIC, "text/plain", utf8(line))));
        for (String line : corpus("layouts.txt")) {
            String[] parts = line.split("\t", 2);
            for (int i = 0; i < 4; i++) {
                seeds.add(new Seed(parts[0].split("/")[0], parts[0], null, utf8(parts[1])));
            }
        }
        return seeds;
    }

    private byte[] mutate(Seed seed) {
        byte[] input = seed.payload();
        byte[] telling = seed.codec().endsWith("cbor") ? TELLING_CBOR : TELLING;
        int mutations = 1 + random.nextInt(MAX_MUTATIONS);
        for (int i = 0; i < mutations; i++) {
            input = switch (random.nextInt(6)) {
                case 0 -> flipBit(input);
                case 1 -> replace(input, telling);
                case 2 -> insert(input, telling);
                case 3 -> cut(input);
                case 4 -> repeatSlice(input);
                default -> splice(input, seeds.get(random.nextInt(seeds.size())).payload());
            };
        }
        return input;
    }

    private byte[] flipBit(byte[] input) {
        if (input.length == 0) {
            return input;
        }
        byte[] output = input.clone();
        output[random.nextInt(output.length)] ^= (byte) (1 << random.nextInt(8));
        return output;
    }

    private byte[] replace(byte[] input, byte[] telling) {
        if (input.length == 0) {
            return input;
        }
        byte[] output = input.clone();
        output[random.nextInt(output.length)] = telling[random.nextInt(telling.length)];
        return output;
    }

    private byte[] insert(byte[] input, byte[] telling) {
        int at = random.nextInt(input.length + 1);
        return join(input, 0, at, new byte[] {telling[random.nextInt(telling.length)]}, input, at, input.length);
    }

    private byte[] cut(byte[] input) {
        int from = random.nextInt(input.length + 1);
        int to = from + random.nextInt(Math.min(8, input.length - from + 1));
        return join(input, 0, from, new byte[0], input, to, input.length);
    }

    private byte[] repeatSlice(byte[] input) {
        int from = random.nextInt(input.length + 1);
        int to = from + random.nextInt(Math.min(20, input.length - from + 1));
        return join(input, 0, to, new byte[0], input, from, input.length);
    }

    private byte[] splice(byte[] left, byte[] right) {
        int from = random.nextInt(right.length + 1);
        return join(left, 0, random.nextInt(left.length + 1), new byte[0], right, from, right.length);
    }

    private static byte[] join(byte[] left, int leftFrom, int leftTo, byte[] middle, byte[] right, int from, int to) {
        byte[] output = new byte[leftTo - leftFrom + middle.length + to - from];
        System.arraycopy(left, leftFrom, output, 0, leftTo - leftFrom);
        System.arraycopy(middle, 0, output, leftTo - leftFrom, middle.length);
        System.arraycopy(right, from, output, leftTo - leftFrom + middle.length, to - from);
        return output;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
