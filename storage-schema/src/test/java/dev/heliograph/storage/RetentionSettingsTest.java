package dev.heliograph.storage;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RetentionSettingsTest {
    @Test
    void givenLessThanAnHour_whenMade_thenRefusedByName() {
        Duration day = Duration.ofDays(1);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RetentionSettings(day, day, day, day, Duration.ofMinutes(59), day, Map.of()))
                .withMessageContaining("quarantine");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RetentionSettings(Duration.ZERO, day, day, day, day, day, Map.of()))
                .withMessageContaining("raw");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Kept(null, null, null, Duration.ofMinutes(1)))
                .withMessageContaining("tenant");
    }
}
