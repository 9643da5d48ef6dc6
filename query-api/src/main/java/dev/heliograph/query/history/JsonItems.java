package dev.heliograph.query.history;

import dev.heliograph.model.id.DeviceId;
import dev.heliograph.model.id.MetricName;
import dev.heliograph.model.reading.Location;
import dev.heliograph.model.reading.Micros;
import dev.heliograph.model.reading.Sample;
import java.io.IOException;
import java.io.InputStream;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The readings of a JSON document: one, or an array of them, as a device sends them, with {@code device} and {@code ts} in
 * each. {@code {"device":"boiler-7","ts":"2015-02-04T17:51:00Z","metrics":{"temperature":21.4}}}, or the flat form.
 */
final class JsonItems implements HistoryItems {
    private static final Set<String> RESERVED = Set.of("device", "ts", "seq", "location", "metrics");
    private static final long MAX_EXACT_INTEGER = 1L << 53;
    private static final long MIN_MILLIS = 1_000_000_000_000L;
    private static final long MAX_MILLIS = 4_102_444_800_000L;
    private static final int MAX_TIME_LENGTH = 40;

    private final JsonMapper json;
    private final JsonParser parser;
    private final int maxMetrics;
    private long index = -1;
    private boolean ended;
    private @Nullable Boolean isArray;

    JsonItems(InputStream body, JsonMapper strict, int maxMetrics) {
        this.json = strict.rebuild()
                .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build();
        this.parser = json.createParser(body);
        this.maxMetrics = maxMetrics;
    }

    @Override
    public String placeName() {
        return "index";
    }

    @Override
    public @Nullable HistoryItem next() throws IOException {
        if (ended) {
            return null;
        }
        index++;
        try {
            return read();
        } catch (Broken broken) {
            return new HistoryItem.Bad(index, broken.reason, broken.detail, broken.pointer);
        } catch (JacksonException malformed) {
            if (malformed.getCause() instanceof IOException connection) {
                throw connection;
            }
            ended = true;
            String detail = malformed.getOriginalMessage() + "; nothing behind it was read";
            return new HistoryItem.Bad(index, HistoryReason.JSON, detail, "");
        }
    }

    private @Nullable HistoryItem read() {
        JsonToken token = parser.nextToken();
        if (isArray == null) {
            isArray = token == JsonToken.START_ARRAY;
            if (Boolean.TRUE.equals(isArray)) {
                token = parser.nextToken();
            } else if (token == null) {
                ended = true;
                throw new Broken(HistoryReason.SHAPE, "no JSON", "");
            }
        }
        if (token == null || token == JsonToken.END_ARRAY) {
            ended = true;
            if (token != null && parser.nextToken() != null) {
                throw new Broken(HistoryReason.JSON, "something stands behind the document", "");
            }
            return null;
        }
        JsonNode reading = json.readTree(parser);
        if (Boolean.FALSE.equals(isArray)) {
            ended = true;
            if (parser.nextToken() != null) {
                throw new Broken(HistoryReason.JSON, "something stands behind the document", "");
            }
        }
        return reading(reading);
    }

    private HistoryItem reading(JsonNode reading) {
        if (!reading.isObject()) {
            throw new Broken(HistoryReason.SHAPE, "a reading is an object", "");
        }
        DeviceId device = device(reading.path("device"));
        long time = time(reading.path("ts"));
        return new HistoryItem.Good(
                index,
                device,
                time,
                sequence(reading.path("seq")),
                samples(reading),
                location(reading.path("location")));
    }

    private static DeviceId device(JsonNode node) {
        return DeviceId.parse(node.isString() ? node.asString() : "")
                .orElseThrow(() -> new Broken(HistoryReason.SHAPE, "device must be the id of a device", "/device"));
    }

    private static long time(JsonNode node) {
        if (node.isString()) {
            return timeOfText(node.asString());
        }
        if (!node.isNumber() || !node.canConvertToLong() || !node.canConvertToExactIntegral()) {
            throw new Broken(HistoryReason.BAD_TS, "ts must be whole milliseconds or RFC 3339 with offset", "/ts");
        }
        long millis = node.asLong();
        if (millis < MIN_MILLIS || millis > MAX_MILLIS) {
            throw new Broken(
                    HistoryReason.TS_RANGE, "not between 2001-09-09 and 2100-01-01 when read as milliseconds", "/ts");
        }
        return millis * 1_000;
    }

    private static long timeOfText(String text) {
        try {
            if (text.length() > MAX_TIME_LENGTH) {
                throw new DateTimeException("too long");
            }
            return Micros.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException | ArithmeticException notATime) {
            throw new Broken(HistoryReason.BAD_TS, "ts must be RFC 3339 with offset", "/ts", notATime);
        }
    }

    private static @Nullable Long sequence(JsonNode node) {
        if (node.isMissingNode()) {
            return null;
        }
        boolean whole = node.isNumber() && node.canConvertToLong() && node.canConvertToExactIntegral();
        if (!whole || node.asLong() < 0 || node.asLong() >= MAX_EXACT_INTEGER) {
            throw new Broken(HistoryReason.BAD_SEQ, "not a whole number from 0 to 2^53 - 1", "/seq");
        }
        return node.asLong();
    }

    private static @Nullable Location location(JsonNode node) {
        if (node.isMissingNode()) {
            return null;
        }
        JsonNode altitude = node.path("alt");
        try {
            return new Location(
                    node.path("lat").isNumber() ? node.path("lat").asDouble() : Double.NaN,
                    node.path("lon").isNumber() ? node.path("lon").asDouble() : Double.NaN,
                    altitude.isNumber() ? altitude.asDouble() : null);
        } catch (IllegalArgumentException outside) {
            throw new Broken(HistoryReason.LOCATION, String.valueOf(outside.getMessage()), "/location", outside);
        }
    }

    private List<Sample> samples(JsonNode reading) {
        JsonNode given = reading.path("metrics");
        boolean longForm = !given.isMissingNode();
        JsonNode holder = longForm ? given : reading;
        String parent = longForm ? "/metrics/" : "/";
        if (!holder.isObject()) {
            throw new Broken(HistoryReason.SHAPE, "metrics must be an object", "/metrics");
        }
        List<Sample> samples = new ArrayList<>(holder.size());
        for (Map.Entry<String, JsonNode> member : holder.properties()) {
            if (longForm || !RESERVED.contains(member.getKey())) {
                samples.add(sample(member.getKey(), member.getValue(), parent + member.getKey()));
            }
        }
        if (longForm) {
            reading.propertyNames().stream()
                    .filter(name -> !RESERVED.contains(name))
                    .findFirst()
                    .ifPresent(beside -> {
                        throw new Broken(HistoryReason.SHAPE, "a sample beside \"metrics\"", "/" + beside);
                    });
        }
        if (samples.isEmpty()) {
            throw new Broken(HistoryReason.SHAPE, "no samples", "");
        }
        if (samples.size() > maxMetrics) {
            throw new Broken(HistoryReason.TOO_MANY, "a reading may have " + maxMetrics + " metrics", "");
        }
        return samples;
    }

    private static Sample sample(String name, JsonNode value, String pointer) {
        MetricName metric = MetricName.parse(name)
                .orElseThrow(() -> new Broken(HistoryReason.METRIC_NAME, "not a metric name", pointer));
        if (value.isNumber()) {
            double number = value.asDouble();
            if (!Double.isFinite(number)) {
                throw new Broken(HistoryReason.NON_FINITE, "not a finite number", pointer);
            }
            return new Sample.Measurement(metric, number);
        }
        if (value.isBoolean()) {
            return new Sample.Flag(metric, value.asBoolean());
        }
        if (!value.isString()) {
            throw new Broken(HistoryReason.TYPE, "a sample is a number, a boolean or a text", pointer);
        }
        String text = value.asString();
        if (text.length() > Sample.MAX_STATE_LENGTH) {
            throw new Broken(
                    HistoryReason.TEXT_LENGTH,
                    "a state has at most " + Sample.MAX_STATE_LENGTH + " characters",
                    pointer);
        }
        if (!StorableText.holds(text)) {
            throw new Broken(HistoryReason.ENCODING, "NUL or half of a surrogate pair", pointer);
        }
        return new Sample.State(metric, text);
    }

    /** Ends the look at one reading. */
    private static final class Broken extends RuntimeException {
        private final HistoryReason reason;
        private final String detail;
        private final String pointer;

        Broken(HistoryReason reason, String detail, String pointer) {
            this(reason, detail, pointer, null);
        }

        Broken(HistoryReason reason, String detail, String pointer, @Nullable Throwable cause) {
            super(detail, cause, false, false);
            this.reason = reason;
            this.detail = detail;
            this.pointer = pointer;
        }
    }
}
