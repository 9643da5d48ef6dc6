package dev.heliograph.stream.run;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Ready: the stream runs and keeps up. A rebalance and a lag are tolerated for a while, since an instance that is taken out
 * of service for them would cause the next one.
 */
final class StreamReadiness implements HealthIndicator {
    private final StreamSettings settings;
    private final StreamSupervisor supervisor;
    private final ReadingsLag lag;
    private final Clock clock;
    private boolean wasReady;
    private Instant keptUpAt;

    StreamReadiness(StreamSettings settings, StreamSupervisor supervisor, ReadingsLag lag, Clock clock) {
        this.settings = settings;
        this.supervisor = supervisor;
        this.lag = lag;
        this.clock = clock;
        this.keptUpAt = clock.instant();
    }

    @Override
    public synchronized Health health() {
        Instant now = clock.instant();
        StreamCondition condition = supervisor.condition();
        long waiting = lag.waiting(supervisor.partitions());
        if (waiting
                <= settings.lag().behindFromRecords()
                        * Math.max(1, supervisor.partitions().size())) {
            keptUpAt = now;
        }
        Duration tolerance = settings.lag().unreadyAfter();
        boolean keepsUp = Duration.between(keptUpAt, now).compareTo(tolerance) < 0;
        boolean runs = switch (condition.phase()) {
            case RUNNING -> true;
            case REBALANCING ->
                wasReady && Duration.between(condition.since(), now).compareTo(tolerance) < 0;
            case WAITING, FAILED, STOPPED -> false;
        };
        wasReady = runs;
        return (runs && keepsUp ? Health.up() : Health.outOfService())
                .withDetail("phase", condition.phase())
                .withDetail("detail", condition.detail())
                .withDetail("lagRecords", waiting)
                .build();
    }
}
