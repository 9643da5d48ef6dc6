package dev.heliograph.query.stream;

import dev.heliograph.query.system.Pipeline;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import tools.jackson.databind.json.JsonMapper;

/** Tells once a second how the pipeline is, whether Kafka answers or not. */
public final class SystemTicker implements SmartLifecycle {
    private final Pipeline pipeline;
    private final LiveHub hub;
    private final JsonMapper json;
    private final Clock clock;
    private @Nullable ScheduledExecutorService schedule;

    public SystemTicker(Pipeline pipeline, LiveHub hub, JsonMapper json, Clock clock) {
        this.pipeline = pipeline;
        this.hub = hub;
        this.json = json;
        this.clock = clock;
    }

    private void tell() {
        if (hub.anybodyWants(StreamTopic.SYSTEM)) {
            Map<String, Object> event = new LinkedHashMap<>();
            event.put("at", clock.instant());
            event.put("stages", pipeline.stages());
            hub.toAll(StreamTopic.SYSTEM, Frame.single("system", json.writeValueAsString(event), null));
        }
    }

    @Override
    public synchronized void start() {
        ScheduledExecutorService fresh = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("system-ticker").daemon().factory());
        fresh.scheduleAtFixedRate(this::tell, 1, 1, TimeUnit.SECONDS);
        schedule = fresh;
    }

    @Override
    public synchronized void stop() {
        ScheduledExecutorService running = schedule;
        if (running != null) {
            running.shutdownNow();
        }
        schedule = null;
        hub.endAll("stopping");
    }

    @Override
    public synchronized boolean isRunning() {
        return schedule != null;
    }
}
