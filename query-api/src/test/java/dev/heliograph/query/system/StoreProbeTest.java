package dev.heliograph.query.system;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.query.testing.TestApi;
import dev.heliograph.query.testing.TestRows;
import org.junit.jupiter.api.Test;

class StoreProbeTest {
    private final TestApi api = TestApi.shared();

    @Test
    void givenTableThatWasNeverAnalysed_whenSizeIsRead_thenItsRowsAreEstimatedNevertheless() {
        StoreProbe probe = api.context.getBean(StoreProbe.class);
        probe.refreshSize();
        long before = requireNonNull(probe.size()).measurements();
        int series = new TestRows(api.jdbc, "probe").device("d").series("d", "temperature", "number");

        api.jdbc
                .sql("INSERT INTO measurement (series_id, ts, value, received_at) "
                        + "SELECT :series, now() - n * interval '1 second', n, now() FROM generate_series(1, 500) AS n")
                .param("series", series)
                .update();

        // The server counts live rows a moment after the commit.
        await().untilAsserted(() -> {
            probe.refreshSize();
            assertThat(requireNonNull(probe.size()).measurements()).isGreaterThanOrEqualTo(before + 500);
        });
    }
}
