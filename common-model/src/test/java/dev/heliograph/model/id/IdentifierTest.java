package dev.heliograph.model.id;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdentifierTest {
    private static final String LONGEST = "a".repeat(64);

    @ParameterizedTest
    @ValueSource(strings = {"a", "7", "boiler-7", "a_b", "0-_"})
    void givenSlug_whenParsed_thenItIsADeviceAndATenant(String text) {
        assertThat(DeviceId.parse(text)).contains(new DeviceId(text));
        assertThat(TenantId.parse(text)).contains(new TenantId(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-a",
                "_a",
                "A",
                "a b",
                "a/b",
                "a.b",
                "tenant-а",
                "a\u200b",
                "a\n",
                "é",
                "a\u0000",
                "..",
                "%2e"
            })
    void givenLookAlikeOrForeignText_whenParsed_thenItIsNothing(String text) {
        assertThat(DeviceId.parse(text)).isEmpty();
        assertThatThrownBy(() -> new DeviceId(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void givenLongestName_whenOneIsAdded_thenItIsRefused() {
        assertThat(DeviceId.parse(LONGEST)).isPresent();
        assertThat(DeviceId.parse(LONGEST + "a")).isEmpty();
        assertThat(MetricName.parse(LONGEST)).isPresent();
        assertThat(MetricName.parse(LONGEST + "a")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1st", "__proto__", "a\"b", "a{b}", "../x", "temp°", "a b", "a\nb"})
    void givenHostileMetricName_whenParsed_thenItIsNothing(String text) {
        assertThat(MetricName.parse(text)).isEmpty();
    }

    @Test
    void givenDeviceKey_whenWrittenAndParsed_thenItIsTheSame() {
        DeviceKey key = DeviceKey.of("demo", "boiler-7");

        assertThat(DeviceKey.parse(key.toString())).contains(key);
        assertThat(DeviceKey.parse("demo")).isEmpty();
        assertThat(DeviceKey.parse("demo/a/b")).isEmpty();
    }
}
