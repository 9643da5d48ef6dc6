package dev.heliograph.query.database;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/** Health {@code db}: down while the store or its schema is not there. */
@Component("db")
public final class StoreHealth implements HealthIndicator {
    private final StoreState store;

    public StoreHealth(StoreState store) {
        this.store = store;
    }

    @Override
    public Health health() {
        return (store.usable() ? Health.up() : Health.down())
                .withDetail("store", store.detail())
                .build();
    }
}
