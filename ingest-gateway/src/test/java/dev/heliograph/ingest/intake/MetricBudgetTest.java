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

    @Test
    void givenHistoryInAnOldUnit_whenTheDeviceReports_thenThatIsNoChange() {
        MetricBudget budget = new MetricBudget(3, 100);
        MetricName metric = new MetricName("t");
        Sample celsius = new Sample.Measurement(metric, 20, "Cel");
        Sample kelvin = new Sample.Measurement(metric, 293, "K");

        assertThat(budget.admitsHistory(FIRST, kelvin)).isTrue();
        assertThat(budget.admits(FIRST, celsius)).isEqualTo(Verdict.ADMITTED);
        assertThat(budget.admitsHistory(FIRST, kelvin)).isTrue();
        assertThat(budget.admits(FIRST, celsius)).isEqualTo(Verdict.ADMITTED);
        assertThat(budget.admits(FIRST, kelvin)).isEqualTo(Verdict.CHANGED);
    }

    @Test
    void givenHistoryOfManyMetrics_whenBrought_thenItCountsAgainstTheSameBudgets() {
        MetricBudget budget = new MetricBudget(2, 3);

        assertThat(bringsHistory(budget, FIRST, "x")).isTrue();
        assertThat(admits(budget, FIRST, "y")).isTrue();
        assertThat(bringsHistory(budget, FIRST, "z")).isFalse();
        assertThat(bringsHistory(budget, SECOND, "x")).isTrue();
        assertThat(bringsHistory(budget, SECOND, "y")).as("the tenant's fourth").isFalse();
    }

    private static boolean bringsHistory(MetricBudget budget, DeviceKey device, String metric) {
        return budget.admitsHistory(device, new Sample.Flag(new MetricName(metric), true));
    }

    private static boolean admits(MetricBudget budget, DeviceKey device, String metric) {
        Sample sample = new Sample.Flag(MetricName.parse(metric).orElseThrow(), true);
        return budget.admits(device, sample) == Verdict.ADMITTED;
    }
}
