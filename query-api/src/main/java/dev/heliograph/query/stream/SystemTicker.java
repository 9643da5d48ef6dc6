package dev.heliograph.query.stream;

import dev.heliograph.query.schedule.RecurringTask;
import dev.heliograph.query.system.Pipeline;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Tells once a second how the pipeline is, whether Kafka answers or not. */
public final class SystemTicker extends RecurringTask {
    private final Pipeline pipeline;
    private final LiveHub hub;
    private final JsonMapper json;
    private final Clock clock;

    public SystemTicker(Pipeline pipeline, LiveHub hub, JsonMapper json, Clock clock) {
        super("system-ticker", Duration.ofSeconds(1));
        this.pipeline = pipeline;
        this.hub = hub;
        this.json = json;
        this.clock = clock;
    }

    @Override
    protected void round() {
        if (hub.anybodyWants(StreamTopic.SYSTEM)) {
            Map<String, Object> event = new LinkedHashMap<>();
            event.put("at", clock.instant());
            event.put("stages", pipeline.stages());
            hub.toAll(StreamTopic.SYSTEM, Frame.single("system", json.writeValueAsString(event), null));
        }
    }

    @Override
    public synchronized void stop() {
        super.stop();
        hub.endAll("stopping");
    }
}
