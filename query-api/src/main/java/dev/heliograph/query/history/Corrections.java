package dev.heliograph.query.history;

import dev.heliograph.model.id.DeviceId;
import dev.heliograph.model.id.TenantId;
import dev.heliograph.model.reading.Micros;
import dev.heliograph.model.wire.CorrectionRecord;
import dev.heliograph.model.wire.Topics;
import dev.heliograph.model.wire.WireCodec;
import dev.heliograph.query.audit.AuditTrail;
import dev.heliograph.query.data.RetentionTimes;
import dev.heliograph.query.outbox.Outbox;
import dev.heliograph.query.outbox.OutboxRelay;
import dev.heliograph.query.problem.Problems;
import dev.heliograph.query.security.Caller;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Accepts corrections: row, audit row and outbox row are one transaction; the relay puts the correction into the log of
 * readings, where its place says what it applies to.
 */
public final class Corrections {
    private final HistorySettings settings;
    private final RetentionTimes retention;
    private final JdbcHistory devices;
    private final JdbcCorrections corrections;
    private final AuditTrail audit;
    private final Outbox outbox;
    private final OutboxRelay relay;
    private final TransactionTemplate transactions;
    private final Clock clock;

    Corrections(
            HistorySettings settings,
            RetentionTimes retention,
            JdbcHistory devices,
            JdbcCorrections corrections,
            AuditTrail audit,
            Outbox outbox,
            OutboxRelay relay,
            TransactionTemplate transactions,
            Clock clock) {
        this.settings = settings;
        this.retention = retention;
        this.devices = devices;
        this.corrections = corrections;
        this.audit = audit;
        this.outbox = outbox;
        this.relay = relay;
        this.transactions = transactions;
        this.clock = clock;
    }

    /**
     * Accepts a wish for a device of the caller's tenant; it is applied in the order of the log, within seconds. A dry run
     * only says what it would touch.
     *
     * @param read reads the wish, once it is known that the device is there
     */
    CorrectionAnswer take(
            Caller caller, DeviceId device, boolean dryRun, Function<CorrectionWishes, CorrectionWish> read) {
        if (!devices.exists(caller.tenant(), device)) {
            throw Problems.notFound();
        }
        KeptTimes kept = KeptTimes.of(retention.of(caller.tenant()), settings);
        CorrectionWish wish = read.apply(new CorrectionWishes(settings, kept.raw(), clock.instant()));
        CorrectionAnswer.Touched touched = touched(caller.tenant(), wish);
        return new CorrectionAnswer(touched, dryRun ? null : accept(caller, wish));
    }

    private CorrectionAnswer.Touched touched(TenantId tenant, CorrectionWish wish) {
        List<CorrectionAnswer.TouchedSeries> series = corrections.count(
                tenant, wish.device().value(), wish.metric(), wish.from(), wish.to(), settings.maxCorrectionRows());
        long rows =
                series.stream().mapToLong(CorrectionAnswer.TouchedSeries::rows).sum();
        if (rows > settings.maxCorrectionRows()) {
            throw Problems.overLimit("A correction may touch " + settings.maxCorrectionRows()
                    + " samples, there are more in this range: split it.");
        }
        if (series.isEmpty() && !wish.action().equals("delete")) {
            throw Problems.badBody("/metric", "nothing is stored of this metric");
        }
        return new CorrectionAnswer.Touched(wish.device().value(), wish.from(), wish.to(), rows, series);
    }

    private Correction accept(Caller caller, CorrectionWish wish) {
        UUID id = UUID.randomUUID();
        CorrectionRecord correction = new CorrectionRecord(
                WireCodec.VERSION,
                id.toString(),
                caller.tenant().value(),
                wish.device().value(),
                wish.metric(),
                wish.action(),
                Micros.of(wish.from()),
                Micros.of(wish.to()),
                wish.value(),
                wish.points(),
                caller.name(),
                wish.reason(),
                Micros.of(clock.instant()));
        transactions.executeWithoutResult(status -> {
            corrections.insert(caller.tenant(), correction);
            audit.record(
                    caller.tenant(),
                    caller,
                    "correction.request",
                    wish.device().value(),
                    Map.of("correction", id.toString(), "action", wish.action(), "reason", wish.reason()));
            outbox.add(
                    caller.tenant(), Topics.READINGS, wish.device().value(), CorrectionRecord.CODEC.encode(correction));
        });
        relay.wake();
        return find(caller.tenant(), id);
    }

    /** One correction; 404 where the tenant has none by this id. */
    Correction find(TenantId tenant, UUID id) {
        return corrections.find(tenant, id).orElseThrow(Problems::notFound);
    }
}
