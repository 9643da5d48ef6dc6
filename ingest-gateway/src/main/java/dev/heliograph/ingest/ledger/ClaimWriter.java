package dev.heliograph.ingest.ledger;

import dev.heliograph.ingest.intake.Event;
import dev.heliograph.ingest.intake.EventSink;
import dev.heliograph.model.wire.LedgerClaimRecord;
import dev.heliograph.model.wire.Topics;
import dev.heliograph.model.wire.WireCodec;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the claims to the topic {@code ledger}: what changed, once an interval, and a last time before the end. */
public final class ClaimWriter {
    /** Most lines of one record: some tens of kilobytes. */
    static final int MAX_LINES = 200;

    private static final Logger LOG = LoggerFactory.getLogger(ClaimWriter.class);
    private static final long MICROS_PER_MILLI = 1_000;

    private final Claims claims;
    private final String instance;
    private final EventSink sink;
    private final InstantSource clock;
    private final AtomicInteger onTheirWay = new AtomicInteger();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("ledger-claims").daemon().factory());

    /** A writer that does not write yet. */
    public ClaimWriter(Claims claims, String instance, EventSink sink, InstantSource clock) {
        this.claims = claims;
        this.instance = instance;
        this.sink = sink;
        this.clock = clock;
    }

    /** Writes once an interval from now on. */
    public void start(Duration interval) {
        timer.scheduleWithFixedDelay(this::tick, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void tick() {
        try {
            // While Kafka is away the claims of one moment wait, not those of every second: the next ones hold them
            // too.
            if (onTheirWay.get() == 0) {
                write();
            }
        } catch (RuntimeException fault) {
            // A periodic task that throws is never run again.
            LOG.error("No claims this time", fault);
        }
    }

    /** Writes what is due. */
    void write() {
        long now = clock.millis();
        Map<Long, List<Claims.Claim>> bySource = new TreeMap<>();
        for (Claims.Claim claim : claims.due(now)) {
            bySource.computeIfAbsent(claim.source(), source -> new ArrayList<>())
                    .add(claim);
        }
        bySource.forEach((source, due) -> {
            for (int from = 0; from < due.size(); from += MAX_LINES) {
                send(source, List.copyOf(due.subList(from, Math.min(due.size(), from + MAX_LINES))), now);
            }
        });
    }

    private void send(long source, List<Claims.Claim> part, long nowMillis) {
        LedgerClaimRecord value = new LedgerClaimRecord(
                WireCodec.VERSION,
                LedgerClaimRecord.text(source),
                instance,
                nowMillis * MICROS_PER_MILLI,
                part.stream().map(Claims.Claim::line).toList());
        onTheirWay.incrementAndGet();
        sink.send(
                new Event(Topics.LEDGER, value.source(), LedgerClaimRecord.CODEC.encode(value), nowMillis), failure -> {
                    if (failure == null) {
                        claims.claimed(part);
                    }
                    onTheirWay.decrementAndGet();
                });
    }

    /**
     * Ends it: waits until everything sent is settled, for at most the given time, and writes the last claims. The sink
     * must still take events.
     */
    public void close(Duration timeout) {
        timer.shutdownNow();
        try {
            if (!claims.awaitSettled(timeout.toMillis())) {
                LOG.warn("Some records are still on their way; what Kafka acknowledges from now on is not claimed");
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        write();
    }
}
