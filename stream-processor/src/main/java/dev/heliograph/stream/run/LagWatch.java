package dev.heliograph.stream.run;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Looks at the lag at a fixed pace. A look that fails leaves the last one, which then ages and is no longer used. */
final class LagWatch implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(LagWatch.class);

    private final StreamSettings settings;
    private final KafkaAccess kafka;
    private final ReadingsLag lag;
    private @Nullable ScheduledExecutorService timer;
    private @Nullable Admin admin;

    LagWatch(StreamSettings settings, KafkaAccess kafka, ReadingsLag lag) {
        this.settings = settings;
        this.kafka = kafka;
        this.lag = lag;
    }

    @Override
    public synchronized void start() {
        ScheduledExecutorService started = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("stream-lag").daemon().factory());
        timer = started;
        long every = settings.statusInterval().toMillis();
        started.scheduleWithFixedDelay(this::look, 0, every, TimeUnit.MILLISECONDS);
    }

    private void look() {
        try {
            Admin open = admin;
            if (open == null) {
                Map<String, Object> config = new HashMap<>(kafka.clientProperties());
                config.put("client.id", settings.applicationId() + "-lag");
                open = Admin.create(config);
                admin = open;
            }
            lag.refresh(open);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException | KafkaException failure) {
            LOG.debug("No look at the lag: {}", failure.toString());
        }
    }

    @Override
    public synchronized void stop() {
        ScheduledExecutorService running = timer;
        if (running != null) {
            running.shutdownNow();
            running.close();
            timer = null;
        }
        Admin open = admin;
        if (open != null) {
            open.close(Duration.ofSeconds(1));
            admin = null;
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return timer != null;
    }
}
