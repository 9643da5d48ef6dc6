package dev.heliograph.query.database;

import dev.heliograph.connections.Causes;
import dev.heliograph.storage.DatabaseSchema;
import java.time.Duration;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Whether the store can be used: reachable, and with the tables of this build. Looks every second on a thread of its own. */
public final class StoreState implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(StoreState.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    // What this service uses of the schema that came last, and the first table.
    private static final String PRESENT =
            "SELECT to_regclass('outbox') IS NOT NULL AND to_regproc('fleet_waiting') IS NOT NULL";

    private final DataSource database;
    private final JdbcClient jdbc;
    private final PoolSettings settings;
    private volatile boolean usable;
    private volatile String detail = "not looked yet";
    private volatile boolean prepared;
    private volatile @org.jspecify.annotations.Nullable Thread watcher;

    public StoreState(DataSource database, JdbcClient jdbc, PoolSettings settings) {
        this.database = database;
        this.jdbc = jdbc;
        this.settings = settings;
    }

    /** Whether queries can be answered. */
    public boolean usable() {
        return usable;
    }

    /** Why not, in words for operators. */
    public String detail() {
        return detail;
    }

    /** Looks once. */
    public void look() {
        try {
            if (!prepared) {
                prepare();
                prepared = true;
            }
            boolean present = jdbc.sql(PRESENT).query(Boolean.class).single();
            note(present, present ? "ok" : "the schema is not there yet");
        } catch (RuntimeException away) {
            note(false, Causes.inWords(away));
        }
    }

    private void prepare() {
        if (settings.migrate()) {
            DatabaseSchema.migrate(database);
        } else {
            DatabaseSchema.requireUsable(database);
        }
    }

    private void note(boolean nowUsable, String why) {
        if (nowUsable != usable || !why.equals(detail)) {
            LOG.info("Store: {}", nowUsable ? "usable" : "not usable: " + why);
        }
        usable = nowUsable;
        detail = why;
    }

    @Override
    public void start() {
        watcher = Thread.ofVirtual().name("store-state").start(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                look();
                try {
                    Thread.sleep(INTERVAL);
                } catch (InterruptedException stop) {
                    Thread.currentThread().interrupt();
                }
            }
        });
    }

    @Override
    public void stop() {
        Thread running = watcher;
        if (running != null) {
            running.interrupt();
        }
        watcher = null;
    }

    @Override
    public boolean isRunning() {
        return watcher != null;
    }
}
