package dev.heliograph.ingest.intake;

import dev.heliograph.ingest.funnel.Outcome;
import dev.heliograph.ingest.funnel.Reason;
import dev.heliograph.model.reading.Transport;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;

/**
 * What went through the intake since the start; the same numbers as metrics and in the heartbeat. Every message is counted
 * under exactly one {@link Result}. Thread-safe.
 */
public final class IntakeCounters {
    /** What became of a message; the metric's label {@code outcome} in lower case. */
    public enum Result {
        /** All of it is safe in Kafka as readings. */
        ACCEPTED,
        /** Some of it is, the rest is in the quarantine. */
        PARTIAL,
        /** All of it is in the quarantine, or it was not the sender's to send. */
        REFUSED,
        /** It came by a topic that holds no measurements and is left aside. */
        IGNORED,
        /** Kafka did not take it in time; it was not acknowledged. */
        FAILED,
        /** Over the sender's rate. */
        THROTTLED
    }

    // By ordinal: these are touched by every message.
    private final Counter[][] messages = new Counter[Transport.values().length][Result.values().length];
    private final Counter[] quarantined = new Counter[Reason.values().length];
    private final Counter[][] throttled = new Counter[Excess.Scope.values().length][Quantity.values().length];
    private final LongAdder messageCount = new LongAdder();
    private final LongAdder readingCount = new LongAdder();
    private final LongAdder measurementCount = new LongAdder();
    private final LongAdder quarantineCount = new LongAdder();
    private final LongAdder refusedCount = new LongAdder();

    public IntakeCounters(MeterRegistry registry) {
        for (Transport transport : Transport.values()) {
            for (Result result : Result.values()) {
                messages[transport.ordinal()][result.ordinal()] = Counter.builder("heliograph.ingest.messages")
                        .description("Messages received, by what became of them")
                        .tag("outcome", result.name().toLowerCase(Locale.ROOT))
                        .tag("transport", transport.name().toLowerCase(Locale.ROOT))
                        .register(registry);
            }
        }
        for (Excess.Scope scope : Excess.Scope.values()) {
            for (Quantity quantity : Quantity.values()) {
                throttled[scope.ordinal()][quantity.ordinal()] = Counter.builder("heliograph.ingest.throttled")
                        .description("Messages refused or held up because they were over a limit")
                        .tag("scope", scope.word())
                        .tag("quantity", quantity.word())
                        .register(registry);
            }
        }
        for (Reason reason : Reason.values()) {
            quarantined[reason.ordinal()] = Counter.builder("heliograph.quarantine")
                    .description("Records written to the quarantine, by reason")
                    .tag("reason", reason.code())
                    .register(registry);
        }
    }

    /** Counts a message that was held up or refused because it was over a limit; {@link Result#THROTTLED} comes besides. */
    public void throttled(Excess excess) {
        throttled[excess.scope().ordinal()][excess.quantity().ordinal()].increment();
    }

    void answered(Transport transport, Outcome outcome, boolean failed) {
        if (failed) {
            count(transport, Result.FAILED);
            return;
        }
        count(transport, result(outcome));
        readingCount.add(outcome.readings().size());
        measurementCount.add(outcome.measurements());
    }

    private static Result result(Outcome outcome) {
        if (outcome.readings().isEmpty()) {
            if (outcome.isClean()) {
                return Result.IGNORED;
            }
            return outcome.refusals().getFirst().reason() == Reason.RATE ? Result.THROTTLED : Result.REFUSED;
        }
        return outcome.isClean() ? Result.ACCEPTED : Result.PARTIAL;
    }

    void quarantined(Reason reason) {
        quarantineCount.increment();
        quarantined[reason.ordinal()].increment();
    }

    /** Counts a message that never reached the funnel. */
    public void count(Transport transport, Result result) {
        messageCount.increment();
        if (result == Result.REFUSED || result == Result.THROTTLED) {
            refusedCount.increment();
        }
        messages[transport.ordinal()][result.ordinal()].increment();
    }

    /** Messages received. */
    public long messages() {
        return messageCount.sum();
    }

    /** Readings accepted and safe. */
    public long readings() {
        return readingCount.sum();
    }

    /** Samples of the readings accepted and safe. */
    public long measurements() {
        return measurementCount.sum();
    }

    /** Records sent to the quarantine. */
    public long quarantined() {
        return quarantineCount.sum();
    }

    /** Messages of which nothing was accepted. */
    public long refused() {
        return refusedCount.sum();
    }
}
