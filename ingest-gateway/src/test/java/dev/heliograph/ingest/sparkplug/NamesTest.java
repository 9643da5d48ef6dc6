package dev.heliograph.ingest.sparkplug;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.model.id.DeviceId;
import dev.heliograph.model.id.MetricName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamesTest {
    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "temperature, temperature",
        "Inputs/A Temp, Inputs.A_Temp",
        "4-20mA, m4-20mA",
        "/leading, m.leading",
        "Größe, Gr__e",
        "🌡, m_",
        "'', ",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, ",
    })
    void givenAName_whenMapped_thenItIsThisMetricOrNone(String name, String expected) {
        assertThat(Names.metric(name).map(MetricName::value).orElse(null)).isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0}/{1}: {2}")
    @CsvSource({
        "Line 1, , line-1",
        "Line 1, Pump A, line-1_pump-a",
        "line-1, pump_a, line-1_pump_a",
        "Straße, , stra-e",
        "°°, , ",
        "line, °, ",
    })
    void givenNodeAndDevice_whenMapped_thenTheyAreThisDeviceOrNone(String node, String device, String expected) {
        assertThat(Names.deviceId(node, device).map(DeviceId::value).orElse(null))
                .isEqualTo(expected);
    }
}
