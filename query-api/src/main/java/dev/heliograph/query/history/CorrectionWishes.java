package dev.heliograph.query.history;

import dev.heliograph.model.id.DeviceId;
import dev.heliograph.model.id.MetricName;
import dev.heliograph.model.reading.Micros;
import dev.heliograph.model.wire.CorrectionRecord;
import dev.heliograph.query.problem.ProblemException.Fault;
import dev.heliograph.query.problem.Problems;
import dev.heliograph.query.web.Text;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads deletions and corrections; throws 400 for what is malformed and 422 for what the retention does not allow. Pure. */
final class CorrectionWishes {
    private static final int MAX_REASON = 500;
    private static final Duration HOUR = Duration.ofHours(1);

    private final HistorySettings settings;
    private final Duration rawKept;
    private final Instant now;

    /** @param rawKept how long single measurements of the tenant are kept */
    CorrectionWishes(HistorySettings settings, Duration rawKept, Instant now) {
        this.settings = settings;
        this.rawKept = rawKept;
        this.now = now;
    }

    CorrectionWish deletion(
            DeviceId device,
            @Nullable MetricName metric,
            @Nullable String from,
            @Nullable String to,
            @Nullable String reason) {
        List<Fault> faults = new ArrayList<>();
        Instant start = time(from, "from", faults);
        Instant end = time(to, "to", faults);
        String why = reason(reason, "reason", faults);
        refuse(faults);
        checkRange(start, end, "from");
        if (start.isBefore(keptRawFrom()) && !(isFullHour(start) && isFullHour(end))) {
            throw Problems.overLimit("What is older than " + KeptTimes.text(rawKept)
                    + " is there as windows only: from and to must be full hours.");
        }
        return new CorrectionWish(
                device, metric == null ? null : metric.value(), "delete", start, end, null, null, why);
    }

    CorrectionWish correction(DeviceId device, CorrectionDraft draft) {
        List<Fault> faults = new ArrayList<>();
        String reason = reason(draft.reason(), "/reason", faults);
        String metric = draft.metric() == null ? "" : draft.metric();
        if (MetricName.parse(metric).isEmpty()) {
            faults.add(new Fault("/metric", "must be a metric name"));
        }
        Map<String, Double> values = new TreeMap<>();
        put(values, "set", draft.set());
        put(values, "offset", draft.offset());
        put(values, "scale", draft.scale());
        List<CorrectionDraft.CorrectedPoint> points = draft.points();
        if (values.size() + (points == null ? 0 : 1) != 1) {
            faults.add(new Fault("", "needs exactly one of set, offset, scale and points"));
        }
        refuse(faults);
        CorrectionWish wish = points == null
                ? ofRange(device, metric, draft, values, reason)
                : ofPoints(device, metric, draft, points, reason);
        checkRange(wish.from(), wish.to(), "/from");
        if (wish.from().isBefore(keptRawFrom())) {
            throw Problems.overLimit("Single measurements are kept for " + KeptTimes.text(rawKept)
                    + "; what is older cannot be corrected.");
        }
        return wish;
    }

    private static void put(Map<String, Double> values, String action, @Nullable Double value) {
        if (value != null) {
            values.put(action, value);
        }
    }

    private static CorrectionWish ofRange(
            DeviceId device, String metric, CorrectionDraft draft, Map<String, Double> values, String reason) {
        List<Fault> faults = new ArrayList<>();
        Instant from = time(draft.from(), "/from", faults);
        Instant to = time(draft.to(), "/to", faults);
        Map.Entry<String, Double> value = values.entrySet().iterator().next();
        if (!Double.isFinite(value.getValue())) {
            faults.add(new Fault("/" + value.getKey(), "must be a finite number"));
        }
        refuse(faults);
        return new CorrectionWish(device, metric, value.getKey(), from, to, value.getValue(), null, reason);
    }

    private CorrectionWish ofPoints(
            DeviceId device,
            String metric,
            CorrectionDraft draft,
            List<CorrectionDraft.CorrectedPoint> given,
            String reason) {
        List<Fault> faults = new ArrayList<>();
        if (draft.from() != null || draft.to() != null) {
            faults.add(new Fault("/from", "points have their own times"));
        }
        if (given.isEmpty() || given.size() > settings.maxPoints()) {
            faults.add(new Fault("/points", "must be 1 to " + settings.maxPoints()));
        }
        TreeMap<Long, Double> points = new TreeMap<>();
        for (int i = 0; i < given.size() && faults.isEmpty(); i++) {
            Instant time = time(given.get(i).ts(), "/points/" + i + "/ts", faults);
            Double value = given.get(i).value();
            if (value == null || !Double.isFinite(value)) {
                faults.add(new Fault("/points/" + i + "/value", "must be a finite number"));
            } else if (points.put(Micros.of(time), value) != null) {
                faults.add(new Fault("/points/" + i + "/ts", "is there twice"));
            }
        }
        refuse(faults);
        return new CorrectionWish(
                device,
                metric,
                "points",
                Micros.toInstant(points.firstKey()),
                Micros.toInstant(points.lastKey() + 1),
                null,
                points.entrySet().stream()
                        .map(point -> new CorrectionRecord.Point(point.getKey(), point.getValue()))
                        .toList(),
                reason);
    }

    private static void refuse(List<Fault> faults) {
        if (!faults.isEmpty()) {
            throw Problems.badBody(faults);
        }
    }

    private void checkRange(Instant from, Instant to, String pointer) {
        if (!from.isBefore(to)) {
            throw Problems.badBody(pointer, "must be before to");
        }
        if (to.isAfter(now.plus(settings.maxAhead()).plus(HOUR))) {
            throw Problems.badBody(pointer, "must not reach into the future");
        }
    }

    /** With an hour to spare: what is being deleted by age must not be half there. */
    private Instant keptRawFrom() {
        return now.minus(rawKept).plus(HOUR);
    }

    private static boolean isFullHour(Instant time) {
        return time.equals(time.truncatedTo(ChronoUnit.HOURS));
    }

    private static String reason(@Nullable String given, String pointer, List<Fault> faults) {
        Text.optional(given, pointer, MAX_REASON, faults);
        if (given == null || given.isBlank()) {
            faults.add(new Fault(pointer, "is required: it is kept with the correction"));
        }
        return given == null ? "" : given;
    }

    private static Instant time(@Nullable String given, String pointer, List<Fault> faults) {
        try {
            Instant time =
                    OffsetDateTime.parse(given == null ? "" : given).toInstant().truncatedTo(ChronoUnit.MICROS);
            if (time.isBefore(Instant.EPOCH)) {
                throw new DateTimeException("before 1970");
            }
            return time;
        } catch (DateTimeException notATime) {
            faults.add(new Fault(pointer, "must be RFC 3339 with offset, from 1970"));
            return Instant.EPOCH;
        }
    }
}
