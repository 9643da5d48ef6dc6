package dev.heliograph.ingest.sparkplug;

import dev.heliograph.ingest.sparkplug.Effect.Note;
import dev.heliograph.model.reading.Transport;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import java.util.function.IntSupplier;

/** What the host application has noted, as metrics. Thread-safe. */
final class SparkplugCounters {
    // By ordinal: some of these are touched by every message.
    private final Counter[] notes = new Counter[Note.values().length];

    /** @param transport how the edge nodes come: by a broker or by the gateway's own endpoint */
    SparkplugCounters(MeterRegistry registry, Transport transport, IntSupplier nodesOnline, IntSupplier held) {
        String how = transport.name().toLowerCase(Locale.ROOT);
        for (Note note : Note.values()) {
            notes[note.ordinal()] = Counter.builder("heliograph.sparkplug.events")
                    .description("What the Sparkplug host application has noted")
                    .tag("event", note.name().toLowerCase(Locale.ROOT))
                    .tag("transport", how)
                    .register(registry);
        }
        Gauge.builder("heliograph.sparkplug.nodes", nodesOnline::getAsInt)
                .description("Edge nodes whose birth is known")
                .tag("transport", how)
                .register(registry);
        Gauge.builder("heliograph.sparkplug.held", held::getAsInt)
                .description("Messages that wait for a birth")
                .tag("transport", how)
                .register(registry);
    }

    void count(Effect.Noted noted) {
        notes[noted.note().ordinal()].increment(noted.count());
    }
}
