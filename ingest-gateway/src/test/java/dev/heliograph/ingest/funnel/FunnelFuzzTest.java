package dev.heliograph.ingest.funnel;

import static dev.heliograph.ingest.funnel.FunnelFixture.TOPIC;
import static dev.heliograph.ingest.funnel.FunnelFixture.corpus;
import static dev.heliograph.ingest.funnel.FunnelFixture.funnel;
import static dev.heliograph.ingest.funnel.FunnelFixture.message;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.model.reading.Reading;
import dev.heliograph.model.wire.ReadingCodec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Mutations of the corpus by a fixed seed: whatever comes in, what goes out is readings and refusals, and bounded. */
class FunnelFuzzTest {
    private static final long SEED = 20_261_123;
    private static final int INPUTS = 20_000;
    private static final int MAX_MUTATIONS = 3;
    private static final byte[] TELLING =
            "{}[]\":,\\u0019eE+-.NaInfinitytruefalsenull\u0000\u00ff \n/*'".getBytes(StandardCharsets.ISO_8859_1);

    @Test
    void givenMutatedInput_whenPassed_thenItEndsInReadingsAndRefusalsOnly() {
        Random random = new Random(SEED);
        List<byte[]> seeds = seeds();
        Funnel funnel = funnel();
        int accepted = 0;
        int refused = 0;

        for (int i = 0; i < INPUTS; i++) {
            byte[] input = mutate(random, seeds);
            String topic = random.nextInt(8) == 0 ? TOPIC + "/t" : TOPIC;
            Outcome outcome = funnel.pass(message(topic, input));

            assertThat(outcome.readings().isEmpty() && outcome.refusals().isEmpty())
                    .as("nothing vanishes: input %d", i)
                    .isFalse();
            assertThat(outcome.readings().size()).isLessThanOrEqualTo(outcome.items());
            outcome.readings().forEach(FunnelFuzzTest::assertSurvivesTheWire);
            accepted += outcome.readings().isEmpty() ? 0 : 1;
            refused += outcome.refusals().isEmpty() ? 0 : 1;
        }

        assertThat(accepted).as("the mutations leave some input good").isGreaterThan(INPUTS / 40);
        assertThat(refused).as("and break most").isGreaterThan(INPUTS / 2);
    }

    /** The wire groups samples by kind, so their order is not kept. */
    private static void assertSurvivesTheWire(Reading reading) {
        Reading decoded = ReadingCodec.decode(ReadingCodec.encode(reading));
        assertThat(decoded.samples()).containsExactlyInAnyOrderElementsOf(reading.samples());
        assertThat(decoded).usingRecursiveComparison().ignoringFields("samples").isEqualTo(reading);
    }

    private static List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        corpus("accepted.txt").forEach(line -> seeds.add(line.getBytes(StandardCharsets.UTF_8)));
        corpus("refused.txt").forEach(line -> seeds.add(line.split("\t", 2)[1].getBytes(StandardCharsets.UTF_8)));
        return seeds;
    }

    private static byte[] mutate(Random random, List<byte[]> seeds) {
        byte[] input = seeds.get(random.nextInt(seeds.size()));
        int mutations = 1 + random.nextInt(MAX_MUTATIONS);
        for (int i = 0; i < mutations; i++) {
            input = switch (random.nextInt(6)) {
                case 0 -> flipBit(random, input);
                case 1 -> replace(random, input);
                case 2 -> insert(random, input);
                case 3 -> cut(random, input);
                case 4 -> repeatSlice(random, input);
                default -> splice(random, input, seeds.get(random.nextInt(seeds.size())));
            };
        }
        return input;
    }

    private static byte[] flipBit(Random random, byte[] input) {
        if (input.length == 0) {
            return input;
        }
        byte[] output = input.clone();
        output[random.nextInt(output.length)] ^= (byte) (1 << random.nextInt(8));
        return output;
    }

    private static byte[] replace(Random random, byte[] input) {
        if (input.length == 0) {
            return input;
        }
        byte[] output = input.clone();
        output[random.nextInt(output.length)] = TELLING[random.nextInt(TELLING.length)];
        return output;
    }

    private static byte[] insert(Random random, byte[] input) {
        int at = random.nextInt(input.length + 1);
        return join(input, 0, at, new byte[] {TELLING[random.nextInt(TELLING.length)]}, input, at, input.length);
    }

    private static byte[] cut(Random random, byte[] input) {
        int from = random.nextInt(input.length + 1);
        int to = from + random.nextInt(Math.min(8, input.length - from + 1));
        return join(input, 0, from, new byte[0], input, to, input.length);
    }

    private static byte[] repeatSlice(Random random, byte[] input) {
        int from = random.nextInt(input.length + 1);
        int to = from + random.nextInt(Math.min(20, input.length - from + 1));
        return join(input, 0, to, new byte[0], input, from, input.length);
    }

    private static byte[] splice(Random random, byte[] left, byte[] right) {
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
}
