package dev.heliograph.writer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heliograph.storage.RetentionSettings;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class WriterSettingsTest {
    @Test
    void givenNothing_whenBound_thenDefaults() {
        WriterSettings settings = bind(Map.of());

        assertThat(settings.enabled()).isTrue();
        assertThat(settings.consumer()).isEqualTo("store-writer");
        assertThat(settings.threads()).isEqualTo(1);
        assertThat(settings.sessionTimeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(settings.maxBatchRecords()).isEqualTo(5_000);
        assertThat(settings.linger()).isZero();
        assertThat(settings.database().socketTimeout()).isEqualTo(Duration.ofSeconds(15));
        assertThat(settings.retention().settings()).isEqualTo(RetentionSettings.DEFAULT);
    }

    @Test
    void givenEveryKey_whenBound_thenMapped() {
        WriterSettings settings = bind(Map.ofEntries(
                Map.entry("enabled", "false"),
                Map.entry("consumer", "c"),
                Map.entry("instance", "i"),
                Map.entry("threads", "3"),
                Map.entry("session-timeout", "7s"),
                Map.entry("max-batch-records", "10"),
                Map.entry("max-batch-bytes", "2048"),
                Map.entry("linger", "5ms"),
                Map.entry("first-retry", "1ms"),
                Map.entry("longest-retry", "2ms"),
                Map.entry("series-cache-size", "7"),
                Map.entry("migrate-at-start", "false"),
                Map.entry("status-interval", "2s"),
                Map.entry("ranges-interval", "3s"),
                Map.entry("database.connect-timeout", "1s"),
                Map.entry("database.socket-timeout", "2s"),
                Map.entry("database.acquire-timeout", "3s"),
                Map.entry("database.max-lifetime", "40s"),
                Map.entry("repair.max-windows", "8"),
                Map.entry("repair.max-measurements", "9"),
                Map.entry("revisions.interval", "20ms"),
                Map.entry("revisions.windows", "4"),
                Map.entry("revisions.max-waiting", "5000"),
                Map.entry("retention.enabled", "false"),
                Map.entry("retention.interval", "2h"),
                Map.entry("retention.raw", "1d"),
                Map.entry("retention.windows10s", "2d"),
                Map.entry("retention.windows1m", "3d"),
                Map.entry("retention.windows1h", "5d"),
                Map.entry("retention.quarantine", "4d"),
                Map.entry("retention.ledger", "6d"),
                Map.entry("retention.tenants.acme.raw", "7d"),
                Map.entry("retention.tenants.acme.windows1h", "3650d"),
                Map.entry("ledger.interval", "1s"),
                Map.entry("ledger.in-flight-bound", "2s"),
                Map.entry("ledger.watch", "2h"),
                Map.entry("ledger.longest-gap", "8"),
                Map.entry("ledger.gaps-per-device", "9")));

        assertThat(settings)
                .isEqualTo(new WriterSettings(
                        false,
                        "c",
                        "i",
                        3,
                        Duration.ofSeconds(7),
                        10,
                        2_048,
                        Duration.ofMillis(5),
                        Duration.ofMillis(1),
                        Duration.ofMillis(2),
                        7,
                        false,
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(3),
                        new WriterSettings.Database(
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(2),
                                Duration.ofSeconds(3),
                                Duration.ofSeconds(40)),
                        new WriterSettings.Repair(8, 9),
                        new WriterSettings.Revisions(Duration.ofMillis(20), 4, 5_000),
                        new WriterSettings.Retention(
                                false,
                                Duration.ofHours(2),
                                Duration.ofDays(1),
                                Duration.ofDays(2),
                                Duration.ofDays(3),
                                Duration.ofDays(5),
                                Duration.ofDays(4),
                                Duration.ofDays(6),
                                Map.of(
                                        "acme",
                                        new WriterSettings.Retention.OfTenant(
                                                Duration.ofDays(7), null, null, Duration.ofDays(3650)))),
                        new WriterSettings.Ledger(
                                Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofHours(2), 8, 9)));
    }

    @ParameterizedTest
    @CsvSource({
        "consumer, ' '",
        "threads, 0",
        "threads, 65",
        "session-timeout, 5s",
        "session-timeout, 31m",
        "max-batch-records, 0",
        "max-batch-bytes, 1023",
        "linger, 11s",
        "first-retry, 0s",
        "longest-retry, 1ms",
        "longest-retry, 2m",
        "series-cache-size, 0",
        "status-interval, 99ms",
        "ranges-interval, 99ms",
        "database.connect-timeout, 0s",
        "database.socket-timeout, 3m",
        "database.acquire-timeout, 0s",
        "database.max-lifetime, 1s",
        "repair.max-windows, 0",
        "repair.max-measurements, 0",
        "revisions.interval, 9ms",
        "revisions.windows, 1001",
        "revisions.max-waiting, 999",
        "retention.interval, 0s",
        "ledger.interval, 1ms",
        "ledger.in-flight-bound, 0s",
        "ledger.watch, 1s",
        "ledger.longest-gap, 0",
        "ledger.gaps-per-device, 0"
    })
    void givenValueOutOfRange_whenBound_thenRefusedByName(String key, String value) {
        assertThatThrownBy(() -> bind(Map.of(key, value))).rootCause().hasMessageContaining("heliograph.writer." + key);
    }

    @Test
    void givenPasswordInUrl_whenPrinted_thenHidden() {
        assertThat(new DatabaseAccess("jdbc:postgresql://h/d?password=secret", "u", "secret"))
                .asString()
                .doesNotContain("secret");
    }

    private static WriterSettings bind(Map<String, String> values) {
        MapConfigurationPropertySource source = new MapConfigurationPropertySource();
        values.forEach((key, value) -> source.put("heliograph.writer." + key, value));
        return new Binder(source).bindOrCreate("heliograph.writer", WriterSettings.class);
    }
}
