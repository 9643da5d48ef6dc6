package dev.heliograph.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class CpuTimeTest {
    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "CPU times come from /proc")
    void givenThisProcess_whenItWorks_thenItsCpuTimeGrows() {
        CpuTime own = new CpuTime(ProcessHandle.current().pid());
        double before = own.seconds();

        double sum = 0;
        while (own.seconds() < before + 0.05) {
            sum += Math.sqrt(sum + 1);
        }

        assertThat(own.seconds()).isGreaterThan(before);
    }
}
