package dev.heliograph.stream.run;

import dev.heliograph.model.window.WindowPhase;
import dev.heliograph.model.window.WindowSize;
import dev.heliograph.stream.StreamCounters;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.ToDoubleFunction;

/** The counters as meters. No device, metric or tenant is ever a label: their number has no bound. */
final class StreamMeters implements MeterBinder {
    private final StreamCounters counters;
    private final StreamSupervisor supervisor;
    private final ReadingsLag lag;

    StreamMeters(StreamCounters counters, StreamSupervisor supervisor, ReadingsLag lag) {
        this.counters = counters;
        this.supervisor = supervisor;
        this.lag = lag;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (WindowSize size : WindowSize.values()) {
            for (WindowPhase phase : WindowPhase.values()) {
                FunctionCounter.builder("heliograph.stream.windows", counters, all -> all.windows(size, phase))
                        .tag("size", size.label())
                        .tag("phase", phase.wireName())
                        .description("Window results told")
                        .register(registry);
            }
        }
        count(registry, "readings", "Readings processed", StreamCounters::readings);
        count(registry, "backfilled", "Readings that told of the past", StreamCounters::backfilledReadings);
        count(registry, "corrections", "Changes of what is stored", StreamCounters::corrections);
        count(registry, "duplicates", "Samples that came again", StreamCounters::duplicates);
        count(registry, "conflicts", "Samples that came again with another value", StreamCounters::conflicts);
        count(registry, "overflows", "Series with too many samples in a minute", StreamCounters::overflows);
        count(registry, "out.of.order", "Samples too old for the alerts", StreamCounters::samplesOutOfOrder);
        count(registry, "transitions", "Steps of alerts", StreamCounters::transitions);
        count(registry, "presence.changes", "Changes of presence", StreamCounters::presenceChanges);
        count(registry, "looks", "Looks at devices that were due without a reading", StreamCounters::looks);
        count(registry, "poison", "Records that could not be read", StreamCounters::poisonRecords);
        count(registry, "rules.refused", "Rules that could not be used", StreamCounters::refusedRules);
        gauge(registry, "devices", "Devices known here", StreamCounters::deviceCount);
        gauge(registry, "open.windows", "Minutes of devices with an open window", StreamCounters::openMinuteCount);
        Gauge.builder(
                        "heliograph.stream.lag.records",
                        this,
                        meters -> meters.lag.waiting(meters.supervisor.partitions()))
                .description("Readings waiting")
                .register(registry);
    }

    private void count(MeterRegistry registry, String name, String what, ToDoubleFunction<StreamCounters> value) {
        FunctionCounter.builder("heliograph.stream." + name, counters, value)
                .description(what)
                .register(registry);
    }

    private void gauge(MeterRegistry registry, String name, String what, ToDoubleFunction<StreamCounters> value) {
        Gauge.builder("heliograph.stream." + name, counters, value)
                .description(what)
                .register(registry);
    }
}
