package dev.heliograph.systemtests.faults;

import dev.heliograph.systemtests.faults.Fault.Need;
import dev.heliograph.systemtests.faults.load.PastReading;
import dev.heliograph.systemtests.faults.load.Tenant;
import dev.heliograph.systemtests.faults.observe.Columnstore;
import dev.heliograph.systemtests.faults.plant.Waiting;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/** What comes late for days that TimescaleDB has moved to its columnstore. */
final class ColumnstoreFaults {
    private static final Duration AWAY = Duration.ofSeconds(3);
    private static final Duration STEP = Duration.ofMinutes(2);
    private static final int DEVICES = 6;
    /** Old enough for the policies of measurements, texts and windows of 10 s and 1 min; young enough for a device to send it live. */
    private static final int DAYS_AGO = 26;

    private static final int DAYS = 3;
    /** Old enough for the policy of hours. */
    private static final int LONG_AGO = 300;

    private static final Duration COMPRESSED_WITHIN = Duration.ofSeconds(60);
    private static final int UPLOAD = 2_000;
    private static final int NEW = 150;
    private static final int COPIES = 60;
    private static final int CONFLICTS = 30;
    /** Conflicts with what is new in the same batch. */
    private static final int CONFLICTS_AT_ONCE = 10;

    private static final int LIVE_AT_ONCE = 30;

    private ColumnstoreFaults() {}

    /**
     * Each time what is there, what contradicts it and what is new come mixed, by uploads and from the devices themselves, while
     * the policies run and the database is killed.
     */
    static Fault lateCopies(int times) {
        return Fault.of(
                        "F37",
                        "copies, conflicts and news for compressed chunks, their policies at work, database killed, "
                                + times + " times",
                        run -> {
                            Columnstore columnstore =
                                    new Columnstore(run.plant().database());
                            List<PastReading> there = history(run.random());
                            for (int i = 0; i < DEVICES; i++) {
                                run.tenant().addDevice(device(i));
                            }
                            upload(run.tenant(), there);
                            run.awaitStored();
                            for (int i = 0; i < times; i++) {
                                late(run, columnstore, there);
                            }
                            awaitCompressed(columnstore);
                        })
                .needing(Need.COLUMNSTORE)
                .settlingWithin(Duration.ofSeconds(120))
                .asking((run, stored) -> Faults.hasReason(stored, "CONFLICT", times * DEVICES * CONFLICTS));
    }

    private static void late(FaultRun run, Columnstore columnstore, List<PastReading> there) throws Exception {
        awaitCompressed(columnstore);
        int chunks = columnstore.chunks();
        List<PastReading> batch = batch(run.random(), there);
        AtomicBoolean sent = new AtomicBoolean();
        try (ExecutorService aside = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> sending = aside.submit(() -> send(run.tenant(), batch));
            Future<?> compressing = aside.submit(() -> compressUntil(sent, columnstore));
            try {
                run.moment(200, 2_000);
                Faults.takeDatabaseAway(run, AWAY);
                sending.get();
            } finally {
                sent.set(true);
            }
            compressing.get();
        }
        run.healed();
        run.awaitStored();
        System.out.println("[faults] F37: " + batch.size() + " late readings for " + chunks
                + " compressed chunks, out of which " + columnstore.rowsBeside() + " rows were taken");
    }

    private static void awaitCompressed(Columnstore columnstore) {
        Waiting.until("all that is old is in the columnstore", COMPRESSED_WITHIN, () -> isCompressed(columnstore));
    }

    private static boolean isCompressed(Columnstore columnstore) {
        try {
            columnstore.runPolicies();
            return columnstore.chunks() > DAYS && columnstore.rowsBeside() == 0;
        } catch (SQLException inTheWay) {
            return false; // of what still repairs windows there
        }
    }

    private static void compressUntil(AtomicBoolean end, Columnstore columnstore) {
        while (!end.get()) {
            try {
                columnstore.runPolicies();
            } catch (SQLException away) {
                // killed meanwhile, or in the way of the writer: they run again
            }
            Waiting.pause(Duration.ofMillis(200));
        }
    }

    private static List<PastReading> history(Random random) {
        Instant midnight = Instant.now().truncatedTo(ChronoUnit.DAYS);
        List<PastReading> all = new ArrayList<>();
        for (int i = 0; i < DEVICES; i++) {
            addDays(all, random, i, midnight.minus(DAYS_AGO, ChronoUnit.DAYS), DAYS);
            addDays(all, random, i, midnight.minus(LONG_AGO, ChronoUnit.DAYS), 1);
        }
        return all;
    }

    private static void addDays(List<PastReading> all, Random random, int device, Instant first, int days) {
        Instant end = first.plus(days, ChronoUnit.DAYS);
        for (Instant at = first; at.isBefore(end); at = at.plus(STEP)) {
            all.add(reading(random, device(device), at.toEpochMilli()));
        }
    }

    private static PastReading reading(Random random, String device, long millis) {
        return new PastReading(
                device, millis, random.nextInt(0, 100_000) / 100.0, random.nextBoolean() ? "heating" : "idle");
    }

    private static String device(int number) {
        return "archive-" + number;
    }

    /** What is new in it is there from now on. */
    private static List<PastReading> batch(Random random, List<PastReading> there) {
        List<PastReading> batch = new ArrayList<>();
        List<PastReading> news = new ArrayList<>();
        for (int i = 0; i < DEVICES * NEW; i++) {
            PastReading near = there.get(random.nextInt(there.size()));
            news.add(reading(random, near.device(), near.millis() + random.nextLong(1, STEP.toMillis())));
        }
        batch.addAll(news);
        for (int i = 0; i < DEVICES * COPIES; i++) {
            batch.add(there.get(random.nextInt(there.size())));
        }
        for (int i = 0; i < DEVICES * CONFLICTS; i++) {
            batch.add(there.get(random.nextInt(there.size())).contradicted());
        }
        for (int i = 0; i < DEVICES * CONFLICTS_AT_ONCE; i++) {
            batch.add(news.get(random.nextInt(news.size())).contradicted());
        }
        Collections.shuffle(batch, random);
        there.addAll(news);
        return batch;
    }

    /** A part by the devices themselves, where it is not too old for that; the others by uploads. */
    private static void send(Tenant tenant, List<PastReading> batch) {
        long oldestLive = Instant.now().minus(DAYS_AGO + 1, ChronoUnit.DAYS).toEpochMilli();
        List<PastReading> live = new ArrayList<>();
        List<PastReading> others = new ArrayList<>();
        for (PastReading reading : batch) {
            boolean isLive = reading.millis() > oldestLive && live.size() < DEVICES * LIVE_AT_ONCE;
            (isLive ? live : others).add(reading);
        }
        live.forEach(reading -> tenant.post(reading.device(), reading.json()));
        upload(tenant, others);
    }

    private static void upload(Tenant tenant, List<PastReading> readings) {
        for (int from = 0; from < readings.size(); from += UPLOAD) {
            tenant.backfill(readings.subList(from, Math.min(from + UPLOAD, readings.size())));
        }
    }
}
