package dev.heliograph.stream.run;

import dev.heliograph.model.clock.AgreedClock;
import java.util.function.Supplier;
import org.apache.kafka.common.utils.Time;

/**
 * What Kafka Streams takes for the time: that of the platform. By the wall clock of the machine its ticks would stop until
 * that is where it was before somebody set it back.
 */
final class StreamTime implements Time {
    private final AgreedClock clock;

    StreamTime(AgreedClock clock) {
        this.clock = clock;
    }

    @Override
    public long milliseconds() {
        return clock.millis();
    }

    @Override
    public long nanoseconds() {
        return Time.SYSTEM.nanoseconds();
    }

    @Override
    public void sleep(long millis) {
        Time.SYSTEM.sleep(millis);
    }

    @Override
    public void waitObject(Object monitor, Supplier<Boolean> condition, long deadlineMillis)
            throws InterruptedException {
        long ahead = clock.millis() - Time.SYSTEM.milliseconds();
        Time.SYSTEM.waitObject(monitor, condition, deadlineMillis - ahead);
    }
}
