package dev.heliograph.query.history;

import dev.heliograph.model.id.DeviceId;
import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.id.TenantId;
import dev.heliograph.model.reading.Micros;
import dev.heliograph.model.reading.Reading;
import dev.heliograph.model.reading.ReadingFlag;
import dev.heliograph.model.reading.Transport;
import dev.heliograph.query.data.RetentionTimes;
import dev.heliograph.query.problem.ProblemException;
import dev.heliograph.query.problem.ProblemException.Fault;
import dev.heliograph.query.problem.Problems;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes uploads of history: checks each reading, sends it to the log of readings with the mark of history, and answers when
 * all that it accepted is acknowledged. Sending a reading again changes nothing, so an upload that failed is sent again.
 *
 * <p>Live data comes first: a fixed number of uploads and of readings a second, few in flight, and a pause while the store is
 * behind. Thread-safe; each upload waits on its own thread.
 */
public final class Backfill {
    private static final int IN_FLIGHT = 500;
    private static final int PACED_TOGETHER = 50;
    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private final HistorySettings settings;
    private final RetentionTimes retention;
    private final JdbcHistory devices;
    private final HistoryTopic topic;
    private final DoubleSupplier storeLagSeconds;
    private final Clock clock;
    private final MeterRegistry meters;
    private final Semaphore places;
    private final Pace pace;

    Backfill(
            HistorySettings settings,
            RetentionTimes retention,
            JdbcHistory devices,
            HistoryTopic topic,
            DoubleSupplier storeLagSeconds,
            Clock clock,
            MeterRegistry meters) {
        this.settings = settings;
        this.retention = retention;
        this.devices = devices;
        this.topic = topic;
        this.storeLagSeconds = storeLagSeconds;
        this.clock = clock;
        this.meters = meters;
        this.places = new Semaphore(settings.requests());
        this.pace = new Pace(settings.readingsPerSecond(), System::nanoTime);
    }

    /** Where the readings of an upload come from; opened only when it is its turn. */
    interface Source {
        HistoryItems open() throws IOException;
    }

    /**
     * Takes one upload for a tenant.
     *
     * @throws ProblemException 400 if nothing in it could be taken, 429 if too many come at once, 503 if Kafka does not answer
     * @throws IOException if the connection of the sender breaks; what came before may have been taken
     */
    BackfillAnswer take(TenantId tenant, Source source) throws IOException {
        if (!places.tryAcquire()) {
            throw Problems.tooMany("At most " + settings.requests() + " backfills at the same time.", RETRY_AFTER);
        }
        try {
            return new Upload(tenant, source.open()).run();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw Problems.unavailable("stopping", "The service is stopping; send it again.", RETRY_AFTER);
        } finally {
            places.release();
        }
    }

    /** One upload on its way. */
    private final class Upload {
        private final TenantId tenant;
        private final HistoryItems items;
        private final Map<DeviceId, Boolean> known = new HashMap<>();
        private final Deque<CompletableFuture<?>> inFlight = new ArrayDeque<>();
        private final List<BackfillAnswer.RefusedReading> refused = new ArrayList<>();
        private final long receivedMicros = Micros.of(clock.instant());
        private final KeptTimes kept;
        private final long oldestMicros;
        private final long oldestRawMicros;
        private final long newestMicros =
                Micros.of(Micros.toInstant(receivedMicros).plus(settings.maxAhead()));
        private long accepted;
        private long refusedCount;
        private long beyondRaw;

        Upload(TenantId tenant, HistoryItems items) {
            this.tenant = tenant;
            this.items = items;
            this.kept = KeptTimes.of(retention.of(tenant), settings);
            this.oldestMicros = Micros.of(before(kept.longest()));
            this.oldestRawMicros = Micros.of(before(kept.raw()));
        }

        private Instant before(Duration age) {
            return clock.instant().minus(age);
        }

        BackfillAnswer run() throws IOException, InterruptedException {
            Long continueAt = null;
            long looked = 0;
            for (HistoryItem item = items.next(); item != null; item = items.next()) {
                if (looked++ == settings.maxReadings()) {
                    continueAt = item.place();
                    break;
                }
                take(item);
            }
            while (!inFlight.isEmpty()) {
                awaitFirst();
            }
            meters.counter("heliograph.query.backfill", "outcome", "accepted").increment(accepted);
            if (accepted == 0 && refusedCount > 0) {
                throw Problems.badBody(refused.stream()
                        .map(one -> new Fault(at(one), one.reason() + ": " + one.detail()))
                        .toList());
            }
            return new BackfillAnswer(accepted, refusedCount, refused, warnings(), continueAt);
        }

        private void take(HistoryItem item) throws InterruptedException {
            switch (item) {
                case HistoryItem.Bad bad -> refuse(bad);
                case HistoryItem.Good good -> {
                    HistoryItem.Bad why = fault(good);
                    if (why == null) {
                        send(good);
                    } else {
                        refuse(why);
                    }
                }
            }
        }

        private HistoryItem.@Nullable Bad fault(HistoryItem.Good good) {
            long time = good.timeMicros();
            if (time < 0) {
                return bad(good, HistoryReason.TS_RANGE, "before 1970");
            }
            if (time > newestMicros) {
                return bad(good, HistoryReason.FUTURE_TS, "more than " + settings.maxAhead() + " ahead of the clock");
            }
            if (time < oldestMicros) {
                return bad(
                        good,
                        HistoryReason.RETENTION,
                        "older than " + KeptTimes.text(kept.longest())
                                + ", which is the longest that anything is kept");
            }
            if (!known.containsKey(good.device()) && known.size() >= settings.maxDevices()) {
                return bad(good, HistoryReason.TOO_MANY, "a request may name " + settings.maxDevices() + " devices");
            }
            boolean isKnown = known.computeIfAbsent(good.device(), device -> devices.exists(tenant, device));
            return isKnown ? null : bad(good, HistoryReason.UNKNOWN_DEVICE, "not a device of this tenant");
        }

        private static HistoryItem.Bad bad(HistoryItem.Good good, HistoryReason reason, String detail) {
            return new HistoryItem.Bad(good.place(), reason, detail, "");
        }

        private void refuse(HistoryItem.Bad bad) {
            refusedCount++;
            meters.counter("heliograph.query.backfill", "outcome", bad.reason().name())
                    .increment();
            if (refused.size() < settings.listedRefusals()) {
                boolean lines = items.placeName().equals("line");
                refused.add(new BackfillAnswer.RefusedReading(
                        lines ? bad.place() : null,
                        lines ? null : bad.place(),
                        bad.reason().name(),
                        bad.detail(),
                        bad.pointer()));
            }
        }

        private void send(HistoryItem.Good good) throws InterruptedException {
            if (accepted % PACED_TOGETHER == 0) {
                TimeUnit.NANOSECONDS.sleep(pace.take(PACED_TOGETHER));
                awaitStore();
            }
            if (inFlight.size() == IN_FLIGHT) {
                awaitFirst();
            }
            inFlight.add(topic.send(new Reading(
                    new DeviceKey(tenant, good.device()),
                    good.timeMicros(),
                    receivedMicros,
                    good.sequence(),
                    good.samples(),
                    good.location(),
                    Transport.HTTP,
                    Set.of(ReadingFlag.BACKFILL))));
            accepted++;
            beyondRaw += good.timeMicros() < oldestRawMicros ? 1 : 0;
        }

        private void awaitStore() throws InterruptedException {
            long deadline = System.nanoTime() + settings.acknowledgeWait().toNanos();
            while (storeLagSeconds.getAsDouble() > settings.pauseBehind().toSeconds()) {
                if (System.nanoTime() - deadline > 0) {
                    throw Problems.unavailable(
                            "behind",
                            "The store is behind, and live data comes first; send it again later. " + safeSoFar(),
                            RETRY_AFTER);
                }
                TimeUnit.NANOSECONDS.sleep(LOOK_AGAIN.toNanos());
            }
        }

        private void awaitFirst() throws InterruptedException {
            try {
                inFlight.remove().get(settings.acknowledgeWait().toMillis(), TimeUnit.MILLISECONDS);
            } catch (ExecutionException | TimeoutException notSafe) {
                meters.counter("heliograph.query.backfill", "outcome", "failed").increment();
                throw Problems.unavailable(
                        "kafka", "Kafka did not take all of it; send it again. " + safeSoFar(), RETRY_AFTER);
            }
        }

        private String safeSoFar() {
            return "What was taken already is recognised when it comes again.";
        }

        private List<String> warnings() {
            return beyondRaw == 0
                    ? List.of()
                    : List.of(beyondRaw + " readings are older than "
                            + KeptTimes.text(kept.raw())
                            + ", the time for which single measurements are kept: these will be deleted within"
                            + " hours, their windows stay as long as windows of their length.");
        }

        private static String at(BackfillAnswer.RefusedReading one) {
            return one.line() != null ? "line " + one.line() : "/" + one.index() + one.pointer();
        }
    }
}
