package dev.heliograph.systemtests.faults.plant;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.SimpleRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PowerLossTest {
    private static final int SEEDS = 300;
    private static final int RECORDS_IN_A_BATCH = 3;
    private static final int BATCHES_IN_A_SEGMENT = 20;
    private static final String FIRST = "00000000000000000000.log";
    private static final String SECOND = "00000000000000000060.log";

    @TempDir
    private Path directory;

    @Test
    void givenLogsFlushedToAPoint_whenPowerIsLost_thenWhatIsBeforeItStaysAndWhatStaysOfTheRestIsABeginning()
            throws IOException {
        boolean allGone = false;
        boolean cutAmidst = false;
        boolean zeros = false;
        for (int seed = 0; seed < SEEDS; seed++) {
            Path data = Files.createDirectory(directory.resolve("data-" + seed));
            byte[] first = segment(data, "readings-0", FIRST, 0);
            byte[] second = segment(data, "readings-0", SECOND, 60);
            // 31 is within the eleventh batch: what Kafka has flushed ends with the tenth.
            Files.writeString(data.resolve("recovery-point-offset-checkpoint"), "0\n1\nreadings 0 31\n");
            int safe = first.length / BATCHES_IN_A_SEGMENT * 10;

            long gone = PowerLoss.strike(data, new Random(seed));

            byte[] both = Arrays.copyOf(first, first.length + second.length);
            System.arraycopy(second, 0, both, first.length, second.length);
            byte[] left = left(data.resolve("readings-0"));
            int kept = (int) (both.length - gone);
            assertThat(kept).as("seed %d", seed).isBetween(safe, both.length - 1);
            assertThat(Arrays.copyOf(left, kept)).as("seed %d", seed).isEqualTo(Arrays.copyOf(both, kept));
            assertThat(Arrays.copyOfRange(left, kept, left.length))
                    .as("seed %d", seed)
                    .isEqualTo(new byte[left.length - kept]);
            allGone |= kept == safe;
            cutAmidst |= kept % (first.length / BATCHES_IN_A_SEGMENT) != 0;
            zeros |= left.length > kept;
        }
        assertThat(allGone && cutAmidst && zeros).as("all fates are met").isTrue();
    }

    @Test
    void givenAPartitionThatWasNeverFlushed_whenPowerIsLost_thenAllOfItMayBeGoneButNotTheMetadataOfTheCluster()
            throws IOException {
        byte[] metadata = segment(directory, "__cluster_metadata-0", FIRST, 0);
        segment(directory, "readings-1", FIRST, 0);

        PowerLoss.strike(directory, new Random(0));

        assertThat(directory.resolve("__cluster_metadata-0").resolve(FIRST)).hasBinaryContent(metadata);
        assertThat(Files.size(directory.resolve("readings-1").resolve(FIRST))).isLessThan(metadata.length);
    }

    private static byte[] left(Path partition) throws IOException {
        ByteArrayOutputStream left = new ByteArrayOutputStream();
        left.write(Files.readAllBytes(partition.resolve(FIRST)));
        if (Files.exists(partition.resolve(SECOND))) {
            left.write(Files.readAllBytes(partition.resolve(SECOND)));
        }
        return left.toByteArray();
    }

    private static byte[] segment(Path data, String partition, String name, long base) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int batch = 0; batch < BATCHES_IN_A_SEGMENT; batch++) {
            SimpleRecord[] records = new SimpleRecord[RECORDS_IN_A_BATCH];
            Arrays.fill(records, new SimpleRecord(1_790_000_000_000L, new byte[] {1}, new byte[] {7, 7, 7}));
            ByteBuffer buffer = MemoryRecords.withRecords(
                            base + (long) batch * RECORDS_IN_A_BATCH, Compression.NONE, records)
                    .buffer();
            byte[] one = new byte[buffer.remaining()];
            buffer.get(one);
            bytes.write(one);
        }
        Files.write(Files.createDirectories(data.resolve(partition)).resolve(name), bytes.toByteArray());
        return bytes.toByteArray();
    }
}
