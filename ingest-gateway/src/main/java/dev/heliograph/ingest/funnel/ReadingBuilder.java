package dev.heliograph.ingest.funnel;

import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.id.MetricName;
import dev.heliograph.model.reading.Location;
import dev.heliograph.model.reading.Reading;
import dev.heliograph.model.reading.ReadingFlag;
import dev.heliograph.model.reading.Sample;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes the readings and refusals of one message, one reading after the other: {@link #begin}, samples and the rest in any
 * order, {@link #finish}; at the end {@link #outcome}. The rules of names, times, numbers and texts are here and nowhere
 * else. Not thread-safe: one for each message.
 *
 * <p>Places are given as the JSON Pointer of the parent and the name below it, so that a pointer is only made for a fault.
 * A parent of null means that the message itself is the value.
 */
public final class ReadingBuilder {
    /** How devices spell in text what is not a number; such a text would be a state that means a failed measurement. */
    private static final Pattern NOT_A_NUMBER = Pattern.compile("[+-]?(?:nan|inf|infinity)", Pattern.CASE_INSENSITIVE);

    private static final long MICROS_PER_MILLI = Timestamps.MICROS_PER_MILLI;

    private final Decoding in;
    private final RawMessage message;
    private final Duration maxAge;
    private final long earliestMicros;
    private final long latestMicros;
    private final List<Reading> readings = new ArrayList<>(1);
    private List<Refusal> refusals = List.of();

    // Of the reading that is being made.
    private @Nullable DeviceKey device;
    private int index;
    private String pointer = "";
    private List<Sample> samples = new ArrayList<>();
    private @Nullable List<Refusal> faults;
    private Set<ReadingFlag> flags = EnumSet.noneOf(ReadingFlag.class);
    private @Nullable Refusal fatal;
    private boolean timed;
    private long timeMicros;
    private @Nullable Long sequence;
    private @Nullable Location location;

    public ReadingBuilder(Decoding in) {
        this.in = in;
        this.message = in.message();
        FunnelLimits limits = in.limits();
        this.latestMicros = message.receivedMicros() + limits.maxAhead().toMillis() * MICROS_PER_MILLI;
        this.maxAge = limits.maxAge(message.mode());
        this.earliestMicros = message.receivedMicros() - maxAge.toMillis() * MICROS_PER_MILLI;
    }

    /**
     * Begins a reading, which is refused at the end if the sender may not report for its device.
     *
     * @param of the device that reports
     * @param newIndex which part of the message, from 0
     * @param newPointer JSON Pointer to it
     */
    public void begin(DeviceKey of, int newIndex, String newPointer) {
        device = of;
        index = newIndex;
        pointer = newPointer;
        samples = new ArrayList<>();
        faults = null;
        flags = EnumSet.noneOf(ReadingFlag.class);
        fatal = null;
        timed = false;
        sequence = null;
        location = null;
        Refusal objection = in.objection(of);
        if (objection != null) {
            fail(objection.reason(), objection.detail(), newPointer);
        }
    }

    /** The metric of this name; null, and a fault, where the name breaks the grammar. */
    public @Nullable MetricName metric(String name, @Nullable String parent) {
        MetricName metric = MetricNames.find(name);
        if (metric == null) {
            fault(Reason.METRIC_NAME, "not a metric name", below(parent, name), null);
        }
        return metric;
    }

    /**
     * A number.
     *
     * @param value as sent; not finite is refused
     * @param exact whether the value is what was sent, not only the nearest double to a larger integer
     * @param unit its unit as sent, or null; one that cannot be kept is passed over
     */
    public void number(
            MetricName metric,
            double value,
            boolean exact,
            @Nullable String unit,
            @Nullable String parent,
            String name) {
        if (!Double.isFinite(value)) {
            fault(Reason.NON_FINITE, "not a finite number", below(parent, name), metric);
            return;
        }
        if (!exact) {
            flags.add(ReadingFlag.PRECISION);
        }
        String known = unit == null ? in.options().units().get(metric) : unit;
        samples.add(new Sample.Measurement(metric, value, known == null || !Sample.isUnit(known) ? null : known));
    }

    /** Yes or no. */
    public void flag(MetricName metric, boolean value) {
        samples.add(new Sample.Flag(metric, value));
    }

    /** A text. */
    public void state(MetricName metric, String text, @Nullable String parent, String name) {
        if (text.length() > Sample.MAX_STATE_LENGTH) {
            fault(
                    Reason.TEXT_LENGTH,
                    text.length() + " characters, at most " + Sample.MAX_STATE_LENGTH,
                    below(parent, name),
                    metric);
        } else if (!Utf8.isStorable(text)) {
            fault(Reason.ENCODING, "NUL or half of a surrogate pair", below(parent, name), metric);
        } else if (NOT_A_NUMBER.matcher(text).matches()) {
            fault(Reason.NON_FINITE, "a text that means no number", below(parent, name), metric);
        } else {
            samples.add(new Sample.State(metric, text));
        }
    }

    /** The device's time, µs since the epoch; the reading is refused if no device can mean it or the limits exclude it. */
    public void time(long micros, String where) {
        Refusal problem = timeProblem(micros, where);
        if (problem == null) {
            timed = true;
            timeMicros = micros;
        } else if (fatal == null) {
            fatal = problem;
        }
    }

    /** Why a time, µs since the epoch, is refused; null where it is admitted. */
    public @Nullable Refusal timeProblem(long micros, String where) {
        if (!Timestamps.isPlausible(micros)) {
            return new Refusal(
                    Reason.TS_RANGE,
                    "not between 2001-09-09 and 2100-01-01 when read as the format has it",
                    where,
                    null,
                    index);
        }
        if (micros > latestMicros) {
            String detail = "more than " + in.limits().maxAhead() + " ahead of the gateway's clock";
            return new Refusal(Reason.FUTURE_TS, detail, where, null, index);
        }
        return micros < earliestMicros ? new Refusal(Reason.TOO_OLD, "older than " + maxAge, where, null, index) : null;
    }

    /** The device's own count of its readings. */
    public void sequence(long number) {
        sequence = number;
    }

    /** Where the device is. */
    public void location(Location place) {
        location = place;
    }

    /** Notes something about the reading. */
    public void note(ReadingFlag flag) {
        flags.add(flag);
    }

    /** Refuses the reading whole; the first such finding counts. */
    public void fail(Reason reason, String detail, String where) {
        if (fatal == null) {
            fatal = new Refusal(reason, detail, where, null, index);
        }
    }

    /** Refuses one part of the reading; the others are kept. */
    public void fault(Reason reason, String detail, String where, @Nullable MetricName metric) {
        if (faults == null) {
            faults = new ArrayList<>(1);
        }
        faults.add(new Refusal(reason, detail, where, metric == null ? null : metric.value(), index));
    }

    /** Refuses a part of the message that is in no reading. */
    public void refuse(Refusal refusal) {
        if (refusals.isEmpty()) {
            refusals = new ArrayList<>(1);
        }
        refusals.add(refusal);
    }

    /** Says that what follows is from another part of the message, though of the same reading. */
    void part(int newIndex, String newPointer) {
        index = newIndex;
        pointer = newPointer;
    }

    /** Whether the reading has a sample of the metric already. */
    boolean has(MetricName metric) {
        for (int i = 0; i < samples.size(); i++) {
            if (samples.get(i).metric().equals(metric)) {
                return true;
            }
        }
        return false;
    }

    /** Gives the numbers that have no unit the one that the function knows for their metric; null for none. */
    void unitsBy(Function<MetricName, @Nullable String> known) {
        samples.replaceAll(sample -> {
            if (!(sample instanceof Sample.Measurement number) || number.unit() != null) {
                return sample;
            }
            String unit = known.apply(number.metric());
            return unit == null ? sample : new Sample.Measurement(number.metric(), number.value(), unit);
        });
    }

    /** Names of the samples so far. */
    List<String> names() {
        if (samples.isEmpty()) {
            return List.of();
        }
        List<String> names = new ArrayList<>(samples.size());
        samples.forEach(sample -> names.add(sample.metric().value()));
        return names;
    }

    /** Forgets the samples so far. */
    void discard() {
        samples.clear();
        flags.remove(ReadingFlag.PRECISION);
    }

    /** Ends the reading: without samples and without faults it is itself a fault. */
    public void finish() {
        Refusal whole = fatal;
        DeviceKey of = device;
        if (whole != null) {
            refuse(whole);
            return;
        }
        if (faults != null) {
            faults.forEach(this::refuse);
        }
        if (samples.isEmpty() || of == null) {
            if (faults == null) {
                refuse(new Refusal(Reason.SHAPE, "no samples", pointer, null, index));
            }
            return;
        }
        boolean isHistory = message.mode() == IntakeMode.BACKFILL;
        if (!timed && isHistory) {
            refuse(new Refusal(Reason.BAD_TS, "history without a time of its own", pointer, null, index));
            return;
        }
        if (!timed) {
            flags.add(ReadingFlag.TS_SERVER);
        }
        if (isHistory) {
            flags.add(ReadingFlag.BACKFILL);
        }
        readings.add(new Reading(
                of,
                timed ? timeMicros : message.receivedMicros(),
                message.receivedMicros(),
                sequence,
                samples,
                location,
                message.transport(),
                flags));
    }

    /**
     * What became of the message.
     *
     * @param items how many parts it held, good or bad
     */
    public Outcome outcome(int items) {
        DeviceKey sender = in.sender() == null ? device : in.sender();
        return new Outcome(sender, readings, refusals, Math.max(1, items));
    }

    /** The JSON Pointer of a name below a parent; empty where the parent is null. */
    static String below(@Nullable String parent, String name) {
        return parent == null ? "" : parent + "/" + escape(name);
    }

    private static String escape(String name) {
        return name.indexOf('~') < 0 && name.indexOf('/') < 0
                ? name
                : name.replace("~", "~0").replace("/", "~1");
    }
}
