package dev.heliograph.ingest.sparkplug;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.ingest.sparkplug.Effect.Judged;
import dev.heliograph.ingest.sparkplug.Payloads.Metric;
import dev.heliograph.model.reading.Reading;
import dev.heliograph.model.wire.ReadingCodec;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Mutated payloads on every topic: whatever comes, each message ends in readings or refusals, and the next good one is read. */
class PayloadFuzzTest {
    private static final long SEED = 20_261_125;
    private static final int INPUTS = 20_000;
    private static final int MAX_MUTATIONS = 4;
    private static final String[] TYPES = {"NBIRTH", "NDATA", "NDEATH", "DBIRTH", "DDATA", "DDEATH"};

    @Test
    void givenMutatedMessages_whenTheyCome_thenEachIsJudgedAndTheNextGoodOneIsRead() {
        Random random = new Random(SEED);
        List<byte[]> seeds = seeds();
        HostFixture fixture = new HostFixture();
        int accepted = 0;
        int refused = 0;
        int judged = 0;

        for (int i = 0; i < INPUTS; i++) {
            fixture.send(TYPES[random.nextInt(TYPES.length)], mutate(random, seeds));
            fixture.pass(Duration.ofMillis(random.nextInt(200)));
            for (Judged each : fixture.judged) {
                judged++;
                accepted += each.outcome().readings().isEmpty() ? 0 : 1;
                refused += each.outcome().refusals().isEmpty() ? 0 : 1;
                each.outcome().readings().forEach(PayloadFuzzTest::assertSurvivesTheWire);
            }
            fixture.judged.clear();
        }
        fixture.done(fixture.host.disconnected("the end"));
        judged += fixture.judged.size();
        fixture.judged.clear();
        fixture.nodeBirth(1, 0);

        assertThat(fixture.samples()).containsExactly("edge-1 Inputs.A=1.5");
        assertThat(judged).isEqualTo(INPUTS);
        assertThat(accepted).as("the mutations leave some input good").isGreaterThan(INPUTS / 40);
        assertThat(refused).as("and break much of it").isGreaterThan(INPUTS / 4);
    }

    private static void assertSurvivesTheWire(Reading reading) {
        Reading decoded = ReadingCodec.decode(ReadingCodec.encode(reading));
        assertThat(decoded.samples()).containsExactlyInAnyOrderElementsOf(reading.samples());
    }

    private static List<byte[]> seeds() {
        long now = HostFixture.START;
        return List.of(
                Payloads.payload(
                        now, 0, Payloads.bdSeq(3), Payloads.born("a/b", 1, 1).unit("°C"), Payloads.born("c", 2, 2)),
                Payloads.payload(
                        now,
                        1,
                        Payloads.data(1, 3),
                        Payloads.data(2, 4).time(now).quality(192)),
                Payloads.payload(now, 2, new Metric().name("text").datatype(12).stringValue("on")),
                Payloads.payload(
                        now,
                        3,
                        new Metric().name("i8").datatype(1).intValue(-1),
                        new Metric().name("u64").datatype(8).longValue(-1)),
                Payloads.payload(null, null, Payloads.bdSeq(3)),
                Payloads.payload(
                        now,
                        4,
                        new Metric().name("set").datatype(16).with(out -> out.writeByteArray(17, new byte[] {8, 1}))));
    }

    private static byte[] mutate(Random random, List<byte[]> seeds) {
        byte[] input = seeds.get(random.nextInt(seeds.size())).clone();
        for (int i = random.nextInt(MAX_MUTATIONS); i > 0; i--) {
            input = switch (random.nextInt(5)) {
                case 0 -> {
                    input[at(random, input)] ^= (byte) (1 << random.nextInt(8));
                    yield input;
                }
                case 1 -> {
                    input[at(random, input)] = (byte) random.nextInt();
                    yield input;
                }
                case 2 -> Arrays.copyOf(input, 1 + at(random, input));
                case 3 -> join(input, seeds.get(random.nextInt(seeds.size())), input.length);
                default -> join(input, seeds.get(random.nextInt(seeds.size())), at(random, input));
            };
        }
        return input;
    }

    private static int at(Random random, byte[] input) {
        return random.nextInt(input.length);
    }

    private static byte[] join(byte[] first, byte[] second, int at) {
        byte[] joined = Arrays.copyOf(first, at + second.length);
        System.arraycopy(second, 0, joined, at, second.length);
        return joined;
    }
}
