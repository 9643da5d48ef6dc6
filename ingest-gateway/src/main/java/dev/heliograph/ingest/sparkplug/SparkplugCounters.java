package dev.heliograph.ingest.sparkplug;

import dev.heliograph.ingest.sparkplug.Effect.Note;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import java.util.function.IntSupplier;

/** What the host application has noted, as metrics. Thread-safe. */
final class SparkplugCounters {
    // By ordinal: some of these are touched by every message.
    private final Counter[] notes = new Counter[Note.values().length];

    SparkplugCounters(MeterRegistry registry, IntSupplier nodesOnline, IntSupplier held) {
        for (Note note : Note.values()) {
            notes[note.ordinal()] = Counter.builder("heliograph.sparkplug.events")
                    .description("What the Sparkplug host application has noted")
                    .tag("event", note.name().toLowerCase(Locale.ROOT))
                    .register(registry);
        }
        Gauge.builder("heliograph.sparkplug.nodes", nodesOnline::getAsInt)
                .description("Edge nodes whose birth is known")
                .register(registry);
        Gauge.builder("heliograph.sparkplug.held", held::getAsInt)
                .description("Messages that wait for a birth")
                .register(registry);
    }

    void count(Effect.Noted noted) {
        notes[noted.note().ordinal()].increment(noted.count());
    }
}
