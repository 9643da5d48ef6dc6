package dev.heliograph.query.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.heliograph.model.reading.Micros;
import dev.heliograph.model.wire.ServiceStatusRecord;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StatusBoardTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private Instant now = NOON;
    private final StatusBoard board = new StatusBoard(new Clock() {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    });

    @Test
    void givenTwoInstances_whenTheyCount_thenTheirRatesAddUpAndARestartCountsNothing() {
        for (int second = 0; second <= 5; second++) {
            at(second);
            beat("a", NOON, second * 100L);
            beat("b", NOON, second * 50L);
        }
        assertThat(board.rate("gateway", "readings").orElseThrow()).isCloseTo(150, within(1e-6));

        at(6);
        beat("b", NOON.plusSeconds(6), 0);
        assertThat(board.rate("gateway", "readings").orElseThrow()).isCloseTo(100, within(1e-6));
    }

    @Test
    void givenInstance_whenItIsSilentForMoreThanTenSeconds_thenItIsDownAndHasNoRate() {
        beat("a", NOON, 0);
        at(1);
        beat("a", NOON, 10);
        assertThat(board.instances("gateway").getFirst().alive()).isTrue();

        at(12);

        assertThat(board.instances("gateway").getFirst().alive()).isFalse();
        assertThat(board.rate("gateway", "readings")).isEmpty();
        assertThat(board.max("gateway", "lagSeconds")).isEmpty();
    }

    @Test
    void givenOldHeartbeat_whenReplayed_thenItDoesNotRevive() {
        at(60);

        board.accept(status("a", NOON, NOON, 1));

        assertThat(board.instances("gateway").getFirst().alive()).isFalse();
    }

    private void at(int second) {
        now = NOON.plusSeconds(second);
    }

    private void beat(String instance, Instant startedAt, long readings) {
        board.accept(status(instance, startedAt, now, readings));
    }

    private static ServiceStatusRecord status(String instance, Instant startedAt, Instant at, long readings) {
        return new ServiceStatusRecord(
                1,
                "gateway",
                instance,
                "1",
                Micros.of(startedAt),
                Micros.of(at),
                "up",
                null,
                Map.of("lagSeconds", 2.0),
                Map.of("readings", readings));
    }
}
