package dev.heliograph.ingest.funnel;

import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.id.MetricName;
import dev.heliograph.model.reading.Location;
import dev.heliograph.model.reading.Reading;
import dev.heliograph.model.reading.ReadingFlag;
import dev.heliograph.model.reading.Sample;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** The objects of one document, each a reading. Not thread-safe: one for each document. */
final class ReadingParser {
    private static final long MAX_EXACT_INTEGER = 1L << 53;
    private static final int MAX_LONG_DIGITS = 18;
    private static final long MICROS_PER_MILLI = Timestamps.MICROS_PER_MILLI;

    /** How devices spell in text what is not a number; such a text would be a state that means a failed measurement. */
    private static final Pattern NOT_A_NUMBER = Pattern.compile("[+-]?(?:nan|inf|infinity)", Pattern.CASE_INSENSITIVE);

    private final JsonParser json;
    private final FunnelLimits limits;
    private final RawMessage message;
    private final DeviceKey device;
    private final String samplesMember;

    // Of the reading that is being read.
    private int index;
    private String pointer = "";
    private List<Sample> samples = new ArrayList<>(0);
    private List<Refusal> faults = new ArrayList<>(0);
    private Set<ReadingFlag> flags = EnumSet.noneOf(ReadingFlag.class);
    private @Nullable Refusal fatal;
    private @Nullable Long timeMicros;
    private @Nullable Long sequence;
    private @Nullable Location location;

    ReadingParser(JsonParser json, FunnelLimits limits, RawMessage message, DeviceKey device, String samplesMember) {
        this.json = json;
        this.limits = limits;
        this.message = message;
        this.device = device;
        this.samplesMember = samplesMember;
    }

    /** A value without an object, of the metric that the topic names; the parser stands on it. */
    void bare(MetricName metric, List<Reading> readings, List<Refusal> refusals) {
        begin(0, "");
        if (json.currentToken().isStructStart()) {
            skip(1);
            refusals.add(Refusal.ofMessage(Reason.SHAPE, "a metric's own topic takes a bare value"));
            return;
        }
        sample(metric.value(), null);
        finish(readings, refusals);
    }

    /** One reading; the parser stands on the start of its object and will stand on its end. */
    void reading(int index, String pointer, List<Reading> readings, List<Refusal> refusals) {
        begin(index, pointer);
        boolean longForm = false;
        int members = 0;
        List<String> besides = new ArrayList<>(0);
        for (String name = json.nextName(); name != null; name = json.nextName()) {
            checkMembers(++members);
            json.nextToken();
            if (name.equals(samplesMember)) {
                longForm = true;
                besides.addAll(metricsSoFar());
                discardSamples();
                samplesObject();
            } else if (longForm && !isReserved(name)) {
                besides.add(name);
                skip(2);
            } else {
                member(name);
            }
        }
        for (String beside : besides) {
            fault(Reason.SHAPE, "a sample beside \"" + samplesMember + "\"", at(beside), MetricNames.find(beside));
        }
        finish(readings, refusals);
    }

    private void begin(int newIndex, String newPointer) {
        index = newIndex;
        pointer = newPointer;
        samples = new ArrayList<>();
        faults = new ArrayList<>(0);
        flags = EnumSet.noneOf(ReadingFlag.class);
        fatal = null;
        timeMicros = null;
        sequence = null;
        location = null;
    }

    private void finish(List<Reading> readings, List<Refusal> refusals) {
        Refusal whole = fatal;
        if (whole != null) {
            refusals.add(whole);
            return;
        }
        refusals.addAll(faults);
        if (samples.isEmpty()) {
            if (faults.isEmpty()) {
                refusals.add(new Refusal(Reason.SHAPE, "no samples", pointer, null, index));
            }
            return;
        }
        Long time = timeMicros;
        if (time == null) {
            flags.add(ReadingFlag.TS_SERVER);
        }
        readings.add(new Reading(
                device,
                time == null ? message.receivedMicros() : time,
                message.receivedMicros(),
                sequence,
                samples,
                location,
                message.transport(),
                flags));
    }

    private static boolean isReserved(String name) {
        return switch (name) {
            case "ts", "seq", "location", "tenant", "tenant_id", "tenantId", "device", "device_id", "deviceId" -> true;
            default -> false;
        };
    }

    private void member(String name) {
        switch (name) {
            case "ts" -> time();
            case "seq" -> sequence();
            case "location" -> location();
            case "tenant", "tenant_id", "tenantId" ->
                identity(name, device.tenant().value());
            case "device", "device_id", "deviceId" ->
                identity(name, device.device().value());
            default -> sample(name, pointer);
        }
    }

    private void samplesObject() {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            fail(Reason.SHAPE, "not an object", at(samplesMember));
            skip(2);
            return;
        }
        String parent = at(samplesMember);
        int members = 0;
        for (String name = json.nextName(); name != null; name = json.nextName()) {
            checkMembers(++members);
            json.nextToken();
            sample(name, parent);
        }
    }

    /** Samples of the flat form that came before the member of the long form: their names. */
    private List<String> metricsSoFar() {
        List<String> names = new ArrayList<>(samples.size());
        samples.forEach(sample -> names.add(sample.metric().value()));
        return names;
    }

    private void discardSamples() {
        samples.clear();
        flags.remove(ReadingFlag.PRECISION);
    }

    /** One sample; the parent is the pointer of its object, null for a bare value. */
    private void sample(String name, @Nullable String parent) {
        MetricName metric = MetricNames.find(name);
        if (metric == null) {
            skip(2);
            fault(Reason.METRIC_NAME, "not a metric name", below(parent, name), null);
            return;
        }
        switch (json.currentToken()) {
            case VALUE_NUMBER_INT -> samples.add(new Sample.Measurement(metric, integer()));
            case VALUE_NUMBER_FLOAT -> {
                double value = json.isNaN() ? Double.NaN : json.getDoubleValue();
                if (Double.isFinite(value)) {
                    samples.add(new Sample.Measurement(metric, value));
                } else {
                    fault(Reason.NON_FINITE, "not a finite number", below(parent, name), metric);
                }
            }
            case VALUE_TRUE -> samples.add(new Sample.Flag(metric, true));
            case VALUE_FALSE -> samples.add(new Sample.Flag(metric, false));
            case VALUE_STRING -> state(metric, json.getString(), parent);
            default -> {
                String kind = json.currentToken() == JsonToken.VALUE_NULL ? "null" : "an object or array";
                skip(2);
                fault(Reason.TYPE, kind, below(parent, name), metric);
            }
        }
    }

    private double integer() {
        if (json.getStringLength() > MAX_LONG_DIGITS) {
            flags.add(ReadingFlag.PRECISION);
            return Double.parseDouble(json.getString());
        }
        long value = json.getLongValue();
        if (Math.abs(value) > MAX_EXACT_INTEGER) {
            flags.add(ReadingFlag.PRECISION);
        }
        // -0 is a double of its own; a long has no such thing.
        return value == 0 && json.getString().charAt(0) == '-' ? -0.0 : value;
    }

    private void state(MetricName metric, String text, @Nullable String parent) {
        String where = below(parent, metric.value());
        if (text.length() > Sample.MAX_STATE_LENGTH) {
            fault(Reason.TEXT_LENGTH, text.length() + " characters, at most " + Sample.MAX_STATE_LENGTH, where, metric);
        } else if (!Utf8.isStorable(text)) {
            fault(Reason.ENCODING, "NUL or half of a surrogate pair", where, metric);
        } else if (NOT_A_NUMBER.matcher(text).matches()) {
            fault(Reason.NON_FINITE, "a text that means no number", where, metric);
        } else {
            samples.add(new Sample.State(metric, text));
        }
    }

    private void time() {
        OptionalLong micros = switch (json.currentToken()) {
            case VALUE_STRING -> Timestamps.parseMicros(json.getString());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> millis();
            default -> OptionalLong.empty();
        };
        skip(2);
        if (micros.isEmpty()) {
            fail(Reason.BAD_TS, "neither whole milliseconds nor RFC 3339 with offset", at("ts"));
            return;
        }
        checkTime(micros.getAsLong());
    }

    /** Milliseconds as microseconds; what no long can hold is far out of range and says so. */
    private OptionalLong millis() {
        OptionalLong whole = wholeNumber();
        if (whole.isEmpty()) {
            return whole;
        }
        long clamped = Math.clamp(whole.getAsLong(), -Timestamps.MAX_MILLIS, Timestamps.MAX_MILLIS + 1);
        return OptionalLong.of(clamped * MICROS_PER_MILLI);
    }

    private void checkTime(long micros) {
        if (!Timestamps.isPlausible(micros)) {
            fail(Reason.TS_RANGE, "not between 2001-09-09 and 2100-01-01 when read as milliseconds", at("ts"));
        } else if (micros > message.receivedMicros() + limits.maxAhead().toMillis() * MICROS_PER_MILLI) {
            fail(Reason.FUTURE_TS, "more than " + limits.maxAhead() + " ahead of the gateway's clock", at("ts"));
        } else if (micros < message.receivedMicros() - limits.maxAge().toMillis() * MICROS_PER_MILLI) {
            fail(Reason.TOO_OLD, "older than " + limits.maxAge(), at("ts"));
        } else {
            timeMicros = micros;
        }
    }

    private void sequence() {
        OptionalLong number = json.currentToken().isNumeric() ? wholeNumber() : OptionalLong.empty();
        skip(2);
        if (number.isEmpty() || number.getAsLong() < 0 || number.getAsLong() >= MAX_EXACT_INTEGER) {
            fail(Reason.BAD_SEQ, "not a whole number from 0 to 2^53 - 1", at("seq"));
            return;
        }
        sequence = number.getAsLong();
    }

    /** A number without a fraction, as JSON Schema means it (1.0 is one); beyond a long, the nearest long. */
    private OptionalLong wholeNumber() {
        if (json.currentToken() == JsonToken.VALUE_NUMBER_INT && json.getStringLength() <= MAX_LONG_DIGITS) {
            return OptionalLong.of(json.getLongValue());
        }
        double value = json.isNaN() ? Double.NaN : Double.parseDouble(json.getString());
        return Double.isFinite(value) && value == Math.rint(value)
                ? OptionalLong.of((long) value)
                : OptionalLong.empty();
    }

    private void identity(String name, String expected) {
        boolean same = json.currentToken() == JsonToken.VALUE_STRING
                && json.getString().equals(expected);
        skip(2);
        if (!same) {
            fail(Reason.IDENTITY_MISMATCH, "not who is connected", at(name));
        }
    }

    private void location() {
        String where = at("location");
        if (json.currentToken() != JsonToken.START_OBJECT) {
            skip(2);
            fault(Reason.LOCATION, "not an object", where, null);
            return;
        }
        double latitude = Double.NaN;
        double longitude = Double.NaN;
        Double altitude = null;
        boolean wellFormed = true;
        int members = 0;
        for (String name = json.nextName(); name != null; name = json.nextName()) {
            checkMembers(++members);
            json.nextToken();
            double value = coordinate();
            switch (name) {
                case "lat" -> latitude = value;
                case "lon" -> longitude = value;
                case "alt" -> altitude = value;
                default -> wellFormed = false;
            }
        }
        wellFormed &= latitude >= -90 && latitude <= 90 && longitude >= -180 && longitude <= 180;
        if (wellFormed && (altitude == null || Double.isFinite(altitude))) {
            location = new Location(latitude, longitude, altitude);
        } else {
            fault(Reason.LOCATION, "not {lat, lon, alt} within their ranges", where, null);
        }
    }

    private double coordinate() {
        if (json.currentToken().isNumeric() && !json.isNaN()) {
            return Double.parseDouble(json.getString());
        }
        skip(3);
        return Double.NaN;
    }

    /** Passes over the value on which the parser stands, however it is nested up to the depth limit. */
    void skip(int depth) {
        if (!json.currentToken().isStructStart()) {
            return;
        }
        int open = 1;
        while (open > 0) {
            JsonToken token = json.nextToken();
            if (token == null) {
                throw new Rejected(Reason.JSON, "ends within a value");
            } else if (token.isStructStart()) {
                open++;
                if (open + depth > PayloadParser.MAX_DEPTH) {
                    throw new Rejected(Reason.DEPTH, "nested deeper than " + PayloadParser.MAX_DEPTH);
                }
            } else if (token.isStructEnd()) {
                open--;
            }
        }
    }

    private void checkMembers(int members) {
        if (members > limits.maxMembers()) {
            throw new Rejected(Reason.TOO_MANY, "more than " + limits.maxMembers() + " members in one object");
        }
    }

    /** Refuses the reading whole; the first such finding counts. */
    private void fail(Reason reason, String detail, String where) {
        if (fatal == null) {
            fatal = new Refusal(reason, detail, where, null, index);
        }
    }

    private void fault(Reason reason, String detail, String where, @Nullable MetricName metric) {
        faults.add(new Refusal(reason, detail, where, metric == null ? null : metric.value(), index));
    }

    private String at(String name) {
        return pointer + "/" + escape(name);
    }

    private static String below(@Nullable String parent, String name) {
        return parent == null ? "" : parent + "/" + escape(name);
    }

    private static String escape(String name) {
        return name.indexOf('~') < 0 && name.indexOf('/') < 0
                ? name
                : name.replace("~", "~0").replace("/", "~1");
    }
}
