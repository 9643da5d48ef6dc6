package dev.heliograph.query.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.query.problem.ProblemException;
import dev.heliograph.query.web.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class HistoryItemsTest {
    private static final int SEEDS = 4_000;
    private static final String JSON = "[{\"device\":\"d-1\",\"ts\":1790000000123,\"metrics\":{\"a\":1.5,\"b\":true}},"
            + "{\"device\":\"d-2\",\"ts\":\"2015-02-04T17:51:00Z\",\"mode\":\"on\",\"location\":{\"lat\":1,\"lon\":2}}]";
    private static final String CSV =
            "device,time,a,mode\nd-1,2015-02-04T17:51:00Z,1.5,on\nd-2,1790000000123,,\"x, \"\"y\"\"\"\n";

    @Test
    void givenDamagedUploads_whenRead_thenEachItemIsGoodOrHasAReasonAndTheEndComes() throws IOException {
        int good = 0;
        int bad = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            boolean csv = random.nextBoolean();
            byte[] bytes = (csv ? CSV : JSON).getBytes(StandardCharsets.UTF_8);
            for (int damages = random.nextInt(4); damages > 0; damages--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            try {
                HistoryItems items = csv
                        ? new CsvItems(new ByteArrayInputStream(bytes), 10)
                        : new JsonItems(new ByteArrayInputStream(bytes), Json.strict(), 10);
                int count = 0;
                for (HistoryItem item = items.next(); item != null; item = items.next()) {
                    good += item instanceof HistoryItem.Good ? 1 : 0;
                    bad += item instanceof HistoryItem.Bad ? 1 : 0;
                    assertThat(++count).as("seed %d", seed).isLessThan(bytes.length);
                }
                assertThat(items.next()).as("seed %d stays at its end", seed).isNull();
            } catch (ProblemException unusableHeader) {
                assertThat(csv).as("seed %d", seed).isTrue();
                assertThat(unusableHeader.status().value()).isEqualTo(400);
            }
        }
        assertThat(good).isGreaterThan(SEEDS / 2);
        assertThat(bad).isGreaterThan(SEEDS / 8);
    }

    @Test
    void givenAPace_whenPlacesAreTaken_thenTheyFollowOneAnotherAndUnusedOnesAreGone() {
        AtomicLong now = new AtomicLong(-5);
        Pace pace = new Pace(1_000, now::get);

        assertThat(pace.take(10)).isZero();
        assertThat(pace.take(10)).isEqualTo(10_000_000);
        now.addAndGet(15_000_000);
        assertThat(pace.take(1)).isEqualTo(5_000_000);
        now.addAndGet(1_000_000_000);
        assertThat(pace.take(1)).isZero();
        assertThat(pace.take(1)).isEqualTo(1_000_000);
    }
}
