package dev.heliograph.query.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RecurringTaskTest {
    @Test
    void givenARoundThatFails_whenItsTimeComesAgain_thenTheNextIsDone() {
        AtomicInteger rounds = new AtomicInteger();
        RecurringTask task = new RecurringTask("test", Duration.ofMillis(1)) {
            @Override
            protected void round() {
                if (rounds.incrementAndGet() == 1) {
                    throw new IllegalStateException("the first round fails, as it should here");
                }
            }
        };

        task.start();
        try {
            await().until(() -> rounds.get() >= 3);
            assertThat(task.isRunning()).isTrue();
        } finally {
            task.stop();
        }

        assertThat(task.isRunning()).isFalse();
    }
}
