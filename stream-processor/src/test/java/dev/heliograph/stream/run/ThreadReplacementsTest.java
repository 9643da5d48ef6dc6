package dev.heliograph.stream.run;

import static org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.REPLACE_THREAD;
import static org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.heliograph.model.state.StateFormatException;
import dev.heliograph.model.state.StateReader;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class ThreadReplacementsTest {
    private Instant now = Instant.parse("2026-11-23T12:00:00Z");
    private final Clock clock = ((InstantSource) () -> now).withZone(ZoneOffset.UTC);
    private final ThreadReplacements replacements = new ThreadReplacements(2, Duration.ofMinutes(5), clock);

    @Test
    void givenFailuresInARow_whenTheBoundIsPassed_thenTheClientIsStopped() {
        assertThat(replacements.handle(new IllegalStateException("1"))).isEqualTo(REPLACE_THREAD);
        assertThat(replacements.handle(new IllegalStateException("2"))).isEqualTo(REPLACE_THREAD);
        assertThat(replacements.handle(new IllegalStateException("3"))).isEqualTo(SHUTDOWN_CLIENT);
    }

    @Test
    void givenStateThatCannotBeRead_whenAThreadFails_thenTheClientIsStoppedAtOnceAndTheReasonIsKnown() {
        assertThat(replacements.refusal()).isEmpty();

        assertThat(replacements.handle(
                        new IllegalStateException("wrapped", new StateFormatException("cut short at byte 2 of 2"))))
                .isEqualTo(SHUTDOWN_CLIENT);

        assertThat(replacements.refusal()).hasValue("the kept state cannot be read: cut short at byte 2 of 2");
    }

    @Test
    void givenStateOfANewerBuild_whenAThreadFails_thenTheReasonSaysWhichVersionToStart() {
        StateReader newer = new StateReader(new byte[] {9});
        StateFormatException failure =
                catchThrowableOfType(StateFormatException.class, () -> newer.readVersion(1, 5, "state of d"));

        replacements.handle(failure);

        assertThat(replacements.refusal().orElseThrow())
                .contains("version 9 was written by a newer build", "start the version that wrote it");
    }

    @Test
    void givenFailuresFarApart_whenThePeriodHasPassed_thenTheThreadIsReplaced() {
        for (int i = 0; i < 10; i++) {
            now = now.plus(Duration.ofMinutes(3));

            assertThat(replacements.handle(new IllegalStateException("again"))).isEqualTo(REPLACE_THREAD);
        }
    }
}
