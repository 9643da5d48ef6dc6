package dev.heliograph.writer.consume;

import dev.heliograph.model.reading.Reading;
import dev.heliograph.model.reading.Sample;
import dev.heliograph.model.wire.ReadingCodec;
import dev.heliograph.model.wire.Topics;
import dev.heliograph.model.wire.WireFormatException;
import dev.heliograph.writer.plan.Advance;
import dev.heliograph.writer.plan.CorrectionStep;
import dev.heliograph.writer.plan.Place;
import dev.heliograph.writer.plan.Planner;
import dev.heliograph.writer.plan.TopicRecord;
import dev.heliograph.writer.plan.Verdicts;
import dev.heliograph.writer.plan.WritePlan;
import dev.heliograph.writer.store.Store;
import dev.heliograph.writer.store.StoreFailure;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes batches to the store: tries again what lost against another transaction, and takes apart what the store refuses
 * until the single row is found that goes to the quarantine. Not thread-safe; knows nothing of Kafka.
 */
public final class BatchWriter {
    private static final Logger LOG = LoggerFactory.getLogger(BatchWriter.class);
    private static final int CONTENDED_ATTEMPTS = 10;
    /** A refusal that passes must not put good data aside: a row is refused for good once it was refused so often, alone. */
    private static final int REFUSALS_FOR_GOOD = 3;

    /** What is refused is in the quarantine, each with its reason; the log only says that it happens. */
    private static final long REPORT_EVERY_NANOS = Duration.ofSeconds(10).toNanos();

    private static final long MAX_CONTENDED_PAUSE_NANOS = Duration.ofMillis(20).toNanos();

    private final Store store;
    private final WriterMetrics metrics;
    private final Map<Place, Long> positions = new HashMap<>();
    /** Repairs of hours fall due when those are over, whether or not any record comes. */
    private static final long LOOK_EVERY_NANOS = Duration.ofMinutes(1).toNanos();

    /** A partition that is new here may have left repairs behind with its last owner. */
    private boolean repairsLeft;

    private long reportedAtNanos = System.nanoTime() - REPORT_EVERY_NANOS;
    private int unreported;

    private long lookedAtNanos = System.nanoTime();

    public BatchWriter(Store store, WriterMetrics metrics) {
        this.store = store;
        this.metrics = metrics;
    }

    /** Says where a partition stands in the store. */
    public void position(Place place, long nextOffset) {
        positions.put(place, nextOffset);
        repairsLeft |= place.topic().equals(Topics.READINGS);
    }

    /** Forgets a partition that is no longer this writer's, or whose position must be read again. */
    public void forget(Place place) {
        positions.remove(place);
    }

    /**
     * Writes records of positioned partitions, each partition in order. What a position is already past is left out, so
     * that a batch of which a part was written may be given again.
     *
     * @throws StoreFailure.Fenced if a position is not what the store holds
     * @throws StoreFailure.Unavailable if the store cannot work now; some of the records may have been written
     */
    public void write(List<TopicRecord> records) throws StoreFailure {
        List<TopicRecord> open = records.stream()
                .filter(record -> record.offset() >= positionOf(record.place()))
                .toList();
        int from = 0;
        for (int at = 0; at < open.size(); at++) {
            if (CorrectionStep.isOne(open.get(at))) {
                // What stands before a correction must be stored, and nothing behind it, when it is applied.
                writeAll(open.subList(from, at));
                correct(open.get(at));
                from = at + 1;
            }
        }
        writeAll(open.subList(from, open.size()));
    }

    private void writeAll(List<TopicRecord> records) throws StoreFailure {
        if (!records.isEmpty()) {
            writeOrTakeApart(records);
        }
    }

    private void correct(TopicRecord record) throws StoreFailure {
        CorrectionStep correction;
        try {
            correction = CorrectionStep.of(record);
        } catch (WireFormatException poison) {
            LOG.warn("{}@{} is no correction: {}", record.place(), record.offset(), poison.getMessage());
            writeOrTakeApart(List.of(record)); // which sets it aside
            return;
        }
        long start = System.nanoTime();
        try {
            for (boolean last = false; !last; ) {
                last = step(correction);
            }
        } catch (StoreFailure.Refused refused) {
            LOG.warn("The database refuses the correction {}: {}", correction.id(), refused.getMessage());
            store.giveUp(correction, positionOf(record.place()), String.valueOf(refused.getMessage()));
        }
        positions.put(record.place(), record.offset() + 1);
        repairsLeft = true; // those that the correction asked for
        metrics.corrected(Duration.ofNanos(System.nanoTime() - start));
    }

    private boolean step(CorrectionStep correction) throws StoreFailure {
        for (int attempt = 1; ; attempt++) {
            try {
                return store.correct(correction, positionOf(correction.place()));
            } catch (StoreFailure.Contended contended) {
                pauseOrGiveUp(attempt, contended);
            }
        }
    }

    /** Whether windows wait for their repair that could be recomputed now. */
    boolean hasRepairsLeft() {
        return repairsLeft;
    }

    /**
     * Does one more transaction of repairs, if any are left or none was looked for in the last minute.
     *
     * @throws StoreFailure as {@link #write}
     */
    void goOnRepairing() throws StoreFailure {
        long now = System.nanoTime();
        if (!repairsLeft && now - lookedAtNanos < LOOK_EVERY_NANOS) {
            return;
        }
        lookedAtNanos = now;
        List<Advance> here = positions.entrySet().stream()
                .filter(entry -> entry.getKey().topic().equals(Topics.READINGS))
                .map(entry -> new Advance(entry.getKey(), entry.getValue(), entry.getValue()))
                .sorted(Comparator.comparing(Advance::place))
                .toList();
        // The store says again if this was not all: a batch of some partitions says nothing of the others.
        repairsLeft = false;
        if (!here.isEmpty()) {
            write(WritePlan.moving(here));
        }
    }

    private long positionOf(Place place) {
        Long position = positions.get(place);
        if (position == null) {
            throw new IllegalArgumentException("no position is known of " + place);
        }
        return position;
    }

    private void writeOrTakeApart(List<TopicRecord> records) throws StoreFailure {
        StoreFailure.Refused refused;
        try {
            write(records, Verdicts.NONE);
            return;
        } catch (StoreFailure.Refused failure) {
            refused = failure;
        }
        metrics.retried("refused");
        if (records.size() == 1) {
            isolate(records.getFirst(), refused);
            return;
        }
        int middle = records.size() / 2;
        writeOrTakeApart(records.subList(0, middle));
        writeOrTakeApart(records.subList(middle, records.size()));
    }

    /** Writes the one record without what the store refuses of it for good, which goes to the quarantine instead. */
    private void isolate(TopicRecord record, StoreFailure.Refused first) throws StoreFailure {
        StoreFailure.Refused refused = refusedForGood(record, Verdicts.NONE, first);
        if (refused == null) {
            return;
        }
        report(record, refused);
        Map<String, String> bySample = refusedSamples(record);
        if (!bySample.isEmpty()) {
            StoreFailure.Refused still = refusedForGood(record, Verdicts.ofSamples(record, bySample), null);
            if (still == null) {
                return;
            }
            refused.addSuppressed(still);
        }
        try {
            write(List.of(record), Verdicts.ofRecord(record, String.valueOf(refused.getMessage())));
        } catch (StoreFailure.Refused still) {
            // Not even the refusal can be stored: this is no fault of the record. Wait, visibly, and lose nothing.
            throw new StoreFailure.Unavailable("the quarantine itself is refused: " + still.getMessage(), still);
        }
    }

    private void report(TopicRecord record, StoreFailure.Refused refused) {
        long now = System.nanoTime();
        unreported++;
        if (now - reportedAtNanos >= REPORT_EVERY_NANOS) {
            LOG.warn(
                    "The database refuses {} record(s) for good, the last is {}@{}: {}",
                    unreported,
                    record.place(),
                    record.offset(),
                    refused.getMessage());
            reportedAtNanos = now;
            unreported = 0;
        }
    }

    /**
     * Writes the record unless it is refused again and again.
     *
     * @param first an earlier refusal of the same, which counts
     * @return the last refusal, or null where it is written
     */
    private StoreFailure.@Nullable Refused refusedForGood(
            TopicRecord record, Verdicts verdicts, StoreFailure.@Nullable Refused first) throws StoreFailure {
        StoreFailure.Refused last = first;
        for (int times = first == null ? 0 : 1; times < REFUSALS_FOR_GOOD; times++) {
            try {
                write(List.of(record), verdicts);
                return null;
            } catch (StoreFailure.Refused again) {
                last = again;
            }
        }
        return last;
    }

    private Map<String, String> refusedSamples(TopicRecord record) throws StoreFailure {
        byte @Nullable [] value = record.value();
        if (value == null || !record.place().topic().equals(Topics.READINGS)) {
            return Map.of();
        }
        Reading reading;
        try {
            reading = ReadingCodec.decode(value);
        } catch (WireFormatException poison) {
            LOG.debug("{}@{} is no reading", record.place(), record.offset(), poison);
            return Map.of();
        }
        Map<String, String> refused = new HashMap<>();
        for (Sample sample : reading.samples()) {
            String metric = sample.metric().value();
            Map<String, String> others = new HashMap<>();
            reading.samples().forEach(other -> others.put(other.metric().value(), "not tried"));
            others.remove(metric);
            refusalForGood(plan(List.of(record), Verdicts.ofSamples(record, others)))
                    .ifPresent(text -> refused.put(metric, text));
        }
        return refused;
    }

    private Optional<String> refusalForGood(WritePlan plan) throws StoreFailure {
        Optional<String> why = Optional.empty();
        for (int times = 0; times < REFUSALS_FOR_GOOD; times++) {
            why = refusal(plan);
            if (why.isEmpty()) {
                return why;
            }
        }
        return why;
    }

    private Optional<String> refusal(WritePlan plan) throws StoreFailure {
        for (int attempt = 1; ; attempt++) {
            try {
                return store.refusal(plan);
            } catch (StoreFailure.Contended contended) {
                pauseOrGiveUp(attempt, contended);
            }
        }
    }

    private void write(List<TopicRecord> records, Verdicts verdicts) throws StoreFailure {
        write(plan(records, verdicts));
    }

    private void write(WritePlan plan) throws StoreFailure {
        for (int attempt = 1; ; attempt++) {
            long start = System.nanoTime();
            try {
                var outcome = store.write(plan);
                plan.advances().forEach(advance -> positions.put(advance.place(), advance.next()));
                repairsLeft |= outcome.repairsLeft();
                metrics.wrote(outcome, plan.readings(), Duration.ofNanos(System.nanoTime() - start));
                return;
            } catch (StoreFailure.Contended contended) {
                pauseOrGiveUp(attempt, contended);
            }
        }
    }

    private void pauseOrGiveUp(int attempt, StoreFailure.Contended contended) throws StoreFailure.Unavailable {
        metrics.retried("contended");
        if (attempt == CONTENDED_ATTEMPTS) {
            throw new StoreFailure.Unavailable(
                    "lost " + attempt + " times against other transactions: " + contended.getMessage(), contended);
        }
        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(MAX_CONTENDED_PAUSE_NANOS));
    }

    private WritePlan plan(List<TopicRecord> records, Verdicts verdicts) {
        return Planner.plan(records, positions, verdicts);
    }
}
