package dev.heliograph.ingest.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class CatchUpTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    /** A clock near its end: times are compared by their difference. */
    private long now = Long.MAX_VALUE - 3 * SECOND;

    private final CatchUp catchUp = new CatchUp(Duration.ofMinutes(10), now);

    @Test
    void givenANewSession_whenMessagesArrive_thenTheyAreOfNow() {
        catchUp.connecting(now);
        assertThat(catchUp.isOn(now)).as("it is not known yet").isTrue();

        catchUp.connected(false, now);

        assertThat(catchUp.isOn(now)).isFalse();
    }

    @Test
    void givenAResumedSession_whenItsTimeIsOver_thenMessagesAreOfNow() {
        catchUp.connecting(now);
        catchUp.connected(true, now);

        lookFor(599, 0);
        assertThat(catchUp.isOn(now)).isTrue();
        lookFor(1, 0);

        assertThat(catchUp.isOn(now)).isFalse();
    }

    @Test
    void givenMessagesThatKafkaHoldsUp_whenTheOldestIsOlderThanFiveSeconds_thenTheBrokerHasABacklog() {
        lookFor(60, 5 * SECOND);
        assertThat(catchUp.isOn(now)).isFalse();

        lookFor(1, 5 * SECOND + 1);

        assertThat(catchUp.isOn(now)).isTrue();
    }

    @Test
    void givenAProcessThatStoodStill_whenAMessageIsFirst_thenItIsOfABacklog() {
        lookFor(60, 0);
        now += 6 * SECOND;

        assertThat(catchUp.isOn(now)).isTrue();

        lookFor(300, 0);
        assertThat(catchUp.isOn(now)).isTrue();
    }

    @Test
    void givenAProcessThatStoodStill_whenTheLookIsFirst_thenTheNextMessageIsOfABacklog() {
        lookFor(60, 0);
        now += 6 * SECOND;

        catchUp.look(0, now);

        assertThat(catchUp.isOn(now)).isTrue();
    }

    @Test
    void givenAConnectionThatTookLong_whenItStands_thenThatWasNoStandstill() {
        catchUp.connecting(now);
        now += 20 * SECOND;
        catchUp.connected(false, now);
        catchUp.busy(now);

        lookFor(1, 0);

        assertThat(catchUp.isOn(now)).isFalse();
    }

    @Test
    void givenNoTimeToCatchUp_whenASessionIsResumed_thenLimitsNeverRest() {
        CatchUp none = new CatchUp(Duration.ZERO, now);

        none.connecting(now);
        none.connected(true, now);

        assertThat(none.isOn(now)).isFalse();
        assertThat(none.isOn(now + 60 * SECOND)).isFalse();
    }

    private void lookFor(int seconds, long oldestAge) {
        for (int i = 0; i < 5 * seconds; i++) {
            now += SECOND / 5;
            catchUp.look(oldestAge, now);
        }
    }
}
