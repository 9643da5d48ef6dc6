package dev.heliograph.ingest.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heliograph.ingest.ledger.Claims;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;

class KafkaStartTest {
    // A name of a domain that is kept for names that stand for nothing (RFC 6761).
    private final KafkaSettings nowhere = new KafkaSettings(
            "kafka.invalid:9092",
            Map.of(),
            1,
            (short) 1,
            1,
            Duration.ofDays(7),
            true,
            Duration.ofMinutes(10),
            "lz4",
            Duration.ofMillis(2));

    @Test
    void givenANameThatStandsForNothing_whenAClientIsMade_thenItIsNoFailureThatEndsTheStartBeforeItsTime() {
        AtomicInteger tries = new AtomicInteger();

        assertThatThrownBy(() -> KafkaStart.patiently(nowhere, Duration.ofSeconds(2), () -> {
                    tries.incrementAndGet();
                    return new KafkaEventSink(nowhere, new Claims(() -> 1L));
                }))
                .isInstanceOf(KafkaException.class)
                .hasRootCauseInstanceOf(ConfigException.class);

        assertThat(tries).hasValueGreaterThan(1);
    }

    @Test
    void givenAKafkaThatComesLater_whenWaitedFor_thenWhatNeedsItIsMade() {
        AtomicInteger tries = new AtomicInteger();

        String made = KafkaStart.patiently(nowhere, Duration.ofMinutes(1), () -> {
            if (tries.incrementAndGet() < 2) {
                throw new KafkaException("not there");
            }
            return "made";
        });

        assertThat(made).isEqualTo("made");
        assertThat(tries).hasValue(2);
    }
}
