package dev.heliograph.model.wire;

import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.id.MetricName;
import dev.heliograph.model.reading.Location;
import dev.heliograph.model.reading.Reading;
import dev.heliograph.model.reading.ReadingFlag;
import dev.heliograph.model.reading.Sample;
import dev.heliograph.model.reading.Transport;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Value of the topic {@code readings}, by streaming and without a tree: it is on the path of every reading. Thread-safe.
 *
 * <p>{@code {"v":1,"tenant":"demo","device":"boiler-7","ts":..,"received":..,"seq":42,"flags":[..],"transport":"mqtt",
 * "m":{"temperature":21.4},"b":{"running":true},"s":{"mode":"heating"},"loc":{"lat":..,"lon":..,"alt":..}}}; times in
 * microseconds; {@code m} holds numbers, {@code b} booleans, {@code s} states, {@code u} the units of those numbers
 * whose unit the device named. Flags that are not known are passed over.
 */
public final class ReadingCodec {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int TYPICAL_BYTES = 256;
    // A flag of a newer gateway must not turn its reading into poison for an older reader.
    private static final Map<String, ReadingFlag> FLAGS =
            Arrays.stream(ReadingFlag.values()).collect(Collectors.toUnmodifiableMap(Enum::name, Function.identity()));
    private static final int MAX_INTERNED_METRICS = 10_000;
    // A fleet has few distinct metric names; sharing them spares the check and an object for every sample.
    private static final ConcurrentMap<String, MetricName> METRICS = new ConcurrentHashMap<>();

    private ReadingCodec() {}

    /** The JSON of a reading, UTF-8. */
    public static byte[] encode(Reading reading) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(TYPICAL_BYTES);
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            json.writeNumberProperty("v", WireCodec.VERSION);
            json.writeStringProperty("tenant", reading.device().tenant().value());
            json.writeStringProperty("device", reading.device().device().value());
            json.writeNumberProperty("ts", reading.timeMicros());
            json.writeNumberProperty("received", reading.receivedMicros());
            Long sequence = reading.sequence();
            if (sequence != null) {
                json.writeNumberProperty("seq", sequence);
            }
            writeFlags(json, reading.flags());
            json.writeStringProperty("transport", reading.transport().name().toLowerCase(Locale.ROOT));
            writeSamples(json, reading.samples());
            writeLocation(json, reading.location());
            json.writeEndObject();
        }
        return out.toByteArray();
    }

    /**
     * Reads a reading.
     *
     * @throws WireFormatException if the bytes are not a reading in a known version
     */
    public static Reading decode(byte[] bytes) {
        int version = 0;
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), bytes)) {
            Decoding decoding = new Decoding(json);
            try {
                return decoding.reading();
            } finally {
                version = decoding.version;
            }
        } catch (JacksonException | IllegalArgumentException | WireFormatException broken) {
            throw refused(version, broken);
        }
    }

    /** Says what is wrong. A version that is not known says more than whatever else it brought. */
    private static WireFormatException refused(int version, RuntimeException why) {
        if (version > WireCodec.VERSION) {
            return WireFormatException.ofUnknownVersion("reading", version);
        }
        return switch (why) {
            case WireFormatException said -> said;
            case JacksonException malformed ->
                new WireFormatException("reading: " + malformed.getOriginalMessage(), malformed);
            default -> new WireFormatException("reading: " + why.getMessage(), why);
        };
    }

    private static void writeFlags(JsonGenerator json, Set<ReadingFlag> flags) {
        if (flags.isEmpty()) {
            return;
        }
        json.writeArrayPropertyStart("flags");
        EnumSet.copyOf(flags).forEach(flag -> json.writeString(flag.name()));
        json.writeEndArray();
    }

    private static void writeSamples(JsonGenerator json, List<Sample> samples) {
        boolean open = false;
        for (Sample sample : samples) {
            if (sample instanceof Sample.Measurement measurement) {
                open = openOnce(json, open, "m");
                json.writeNumberProperty(measurement.metric().value(), measurement.value());
            }
        }
        open = closeIf(json, open);
        for (Sample sample : samples) {
            if (sample instanceof Sample.Flag flag) {
                open = openOnce(json, open, "b");
                json.writeBooleanProperty(flag.metric().value(), flag.value());
            }
        }
        open = closeIf(json, open);
        for (Sample sample : samples) {
            if (sample instanceof Sample.State state) {
                open = openOnce(json, open, "s");
                json.writeStringProperty(state.metric().value(), state.text());
            }
        }
        open = closeIf(json, open);
        for (Sample sample : samples) {
            if (sample instanceof Sample.Measurement measurement && measurement.unit() != null) {
                open = openOnce(json, open, "u");
                json.writeStringProperty(measurement.metric().value(), measurement.unit());
            }
        }
        closeIf(json, open);
    }

    private static boolean openOnce(JsonGenerator json, boolean open, String name) {
        if (!open) {
            json.writeObjectPropertyStart(name);
        }
        return true;
    }

    private static boolean closeIf(JsonGenerator json, boolean open) {
        if (open) {
            json.writeEndObject();
        }
        return false;
    }

    private static void writeLocation(JsonGenerator json, @Nullable Location location) {
        if (location == null) {
            return;
        }
        json.writeObjectPropertyStart("loc");
        json.writeNumberProperty("lat", location.latitude());
        json.writeNumberProperty("lon", location.longitude());
        Double altitude = location.altitude();
        if (altitude != null) {
            json.writeNumberProperty("alt", altitude);
        }
        json.writeEndObject();
    }

    private static MetricName metric(String name) {
        MetricName known = METRICS.get(name);
        if (known != null) {
            return known;
        }
        MetricName fresh = new MetricName(name);
        if (METRICS.size() < MAX_INTERNED_METRICS) {
            METRICS.putIfAbsent(name, fresh);
        }
        return fresh;
    }

    /** One pass over one value. */
    private static final class Decoding {
        private final JsonParser json;
        private final List<Sample> samples = new ArrayList<>();
        private final Set<ReadingFlag> flags = EnumSet.noneOf(ReadingFlag.class);
        private int version = -1;
        private @Nullable String tenant;
        private @Nullable String device;
        private @Nullable Long time;
        private @Nullable Long received;
        private @Nullable Long sequence;
        private @Nullable Location location;
        private @Nullable Map<String, String> units;
        private Transport transport = Transport.MQTT;

        Decoding(JsonParser json) {
            this.json = json;
        }

        Reading reading() {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new WireFormatException("reading: not a JSON object");
            }
            for (String name = json.nextName(); name != null; name = json.nextName()) {
                json.nextToken();
                property(name);
            }
            if (version != WireCodec.VERSION) {
                throw new WireFormatException("reading: version v must be " + WireCodec.VERSION + ", was " + version);
            }
            if (tenant == null || device == null || time == null || received == null) {
                throw new WireFormatException("reading: tenant, device, ts and received are required");
            }
            return new Reading(
                    DeviceKey.of(tenant, device),
                    time,
                    received,
                    sequence,
                    samplesWithUnits(),
                    location,
                    transport,
                    flags);
        }

        private void property(String name) {
            switch (name) {
                case "v" -> version = json.getIntValue();
                case "tenant" -> tenant = json.getString();
                case "device" -> device = json.getString();
                case "ts" -> time = json.getLongValue();
                case "received" -> received = json.getLongValue();
                case "seq" -> sequence = json.getLongValue();
                case "transport" ->
                    transport = Transport.valueOf(json.getString().toUpperCase(Locale.ROOT));
                case "flags" -> flags();
                case "m" -> samples(metric -> new Sample.Measurement(metric, json.getDoubleValue()));
                case "b" -> samples(metric -> new Sample.Flag(metric, json.getBooleanValue()));
                case "s" -> samples(metric -> new Sample.State(metric, json.getString()));
                case "u" -> units();
                case "loc" -> location = location();
                default -> json.skipChildren();
            }
        }

        private void flags() {
            while (json.nextToken() != JsonToken.END_ARRAY) {
                ReadingFlag flag = FLAGS.get(json.getString());
                if (flag != null) {
                    flags.add(flag);
                }
            }
        }

        private void units() {
            Map<String, String> units = new HashMap<>();
            for (String name = json.nextName(); name != null; name = json.nextName()) {
                json.nextToken();
                units.put(name, json.getString());
            }
            this.units = units;
        }

        /** The samples, each number with its unit; units may come before or after the numbers. */
        private List<Sample> samplesWithUnits() {
            Map<String, String> named = units;
            if (named == null) {
                return samples;
            }
            samples.replaceAll(sample -> {
                String unit = named.get(sample.metric().value());
                return unit != null && sample instanceof Sample.Measurement measurement
                        ? new Sample.Measurement(measurement.metric(), measurement.value(), unit)
                        : sample;
            });
            return samples;
        }

        private void samples(Function<MetricName, Sample> read) {
            for (String name = json.nextName(); name != null; name = json.nextName()) {
                json.nextToken();
                samples.add(read.apply(metric(name)));
            }
        }

        private Location location() {
            double latitude = Double.NaN;
            double longitude = Double.NaN;
            Double altitude = null;
            for (String name = json.nextName(); name != null; name = json.nextName()) {
                json.nextToken();
                switch (name) {
                    case "lat" -> latitude = json.getDoubleValue();
                    case "lon" -> longitude = json.getDoubleValue();
                    case "alt" -> altitude = json.getDoubleValue();
                    default -> json.skipChildren();
                }
            }
            return new Location(latitude, longitude, altitude);
        }
    }
}
