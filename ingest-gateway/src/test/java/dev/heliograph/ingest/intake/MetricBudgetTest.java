package dev.heliograph.ingest.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.ingest.funnel.Admission.Verdict;
import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.id.MetricName;
import dev.heliograph.model.reading.Sample;
import org.junit.jupiter.api.Test;

class MetricBudgetTest {
    private static final DeviceKey FIRST = DeviceKey.of("demo", "a");
    private static final DeviceKey SECOND = DeviceKey.of("demo", "b");

    @Test
    void givenADeviceAtItsBudget_whenANewMetricComes_thenOnlyThatIsRefused() {
        MetricBudget budget = new MetricBudget(2, 100);

        assertThat(admits(budget, FIRST, "x")).isTrue();
        assertThat(admits(budget, FIRST, "y")).isTrue();
        assertThat(admits(budget, FIRST, "z")).isFalse();
        assertThat(admits(budget, FIRST, "x")).isTrue();
        assertThat(admits(budget, SECOND, "z")).isTrue();
    }

    @Test
    void givenATenantAtItsBudget_whenADeviceGoes_thenItsSeriesAreFreeForOthersOfTheTenantOnly() {
        MetricBudget budget = new MetricBudget(100, 3);
        admits(budget, FIRST, "x");
        admits(budget, FIRST, "y");
        admits(budget, SECOND, "x");

        assertThat(admits(budget, SECOND, "y")).isFalse();
        assertThat(admits(budget, DeviceKey.of("other", "a"), "y")).isTrue();
        budget.forget(FIRST);

        assertThat(admits(budget, SECOND, "y")).isTrue();
        assertThat(admits(budget, SECOND, "z")).isTrue();
        assertThat(admits(budget, SECOND, "w")).isFalse();
    }

    private static boolean admits(MetricBudget budget, DeviceKey device, String metric) {
        Sample sample = new Sample.Flag(MetricName.parse(metric).orElseThrow(), true);
        return budget.admits(device, sample) == Verdict.ADMITTED;
    }
}
