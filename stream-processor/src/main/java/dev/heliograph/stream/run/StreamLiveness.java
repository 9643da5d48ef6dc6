package dev.heliograph.stream.run;

import java.time.Clock;
import java.time.Duration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Alive: not failed for longer than a new start should take. Waiting for Kafka is no reason to be restarted: that would not
 * bring it back.
 */
final class StreamLiveness implements HealthIndicator {
    private final StreamSettings settings;
    private final StreamSupervisor supervisor;
    private final Clock clock;

    StreamLiveness(StreamSettings settings, StreamSupervisor supervisor, Clock clock) {
        this.settings = settings;
        this.supervisor = supervisor;
        this.clock = clock;
    }

    @Override
    public Health health() {
        StreamCondition condition = supervisor.condition();
        Duration lasting = Duration.between(condition.since(), clock.instant());
        boolean dead = !supervisor.isRunning()
                || condition.phase() == StreamCondition.Phase.FAILED
                        && lasting.compareTo(settings.recovery().downAfter()) > 0;
        return (dead ? Health.down() : Health.up())
                .withDetail("phase", condition.phase())
                .build();
    }
}
