package dev.heliograph.ingest.funnel;

import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.id.MetricName;
import dev.heliograph.model.reading.Reading;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;

/**
 * JSON payloads, in one pass and without a tree. The published shape is {@code docs/api/reading.schema.json}; a test holds
 * both to the same corpus. A document that is not well-formed is refused whole: no part of a torn message can be trusted.
 */
final class PayloadParser {
    /** Deepest nesting of objects and arrays; deeper than any reading, shallow enough for any stack. */
    static final int MAX_DEPTH = 16;

    private static final int MAX_NAME_LENGTH = 256;
    private static final int MAX_TEXT_LENGTH = 1_024;
    private static final int MAX_NUMBER_LENGTH = 100;

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            // Read, to be refused as what they are instead of as broken JSON.
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH + 4)
                    .maxNameLength(MAX_NAME_LENGTH)
                    .maxStringLength(MAX_TEXT_LENGTH)
                    .maxNumberLength(MAX_NUMBER_LENGTH)
                    .build())
            .build();

    /** What the parser says instead of the input where it names a place in it: of no use to a device. */
    private static final String HIDDEN_SOURCE =
            "Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); ";

    private final FunnelLimits limits;

    PayloadParser(FunnelLimits limits) {
        this.limits = limits;
    }

    /**
     * Reads one payload.
     *
     * @param metric the metric that the topic names, whose payload is a bare value; null for a payload of readings
     * @param samplesMember the member that holds the samples in the long form
     */
    Outcome parse(RawMessage message, DeviceKey device, @Nullable MetricName metric, String samplesMember) {
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), message.payload())) {
            ReadingParser readings = new ReadingParser(json, limits, message, device, samplesMember);
            return new Pass(json, limits, readings).outcome(device, metric);
        } catch (Rejected rejected) {
            return Outcome.refused(device, rejected.refusal());
        } catch (StreamConstraintsException tooMuch) {
            return Outcome.refused(device, Refusal.ofMessage(Reason.TOO_MANY, tooMuch.getOriginalMessage()));
        } catch (JacksonException malformed) {
            return Outcome.refused(device, malformed(malformed));
        }
    }

    private static Refusal malformed(JacksonException malformed) {
        String message = malformed.getOriginalMessage().replace(HIDDEN_SOURCE, "");
        // The parser has one class of exception for all of its findings; a test pins this text.
        Reason reason = message.startsWith("Duplicate") ? Reason.DUPLICATE_KEY : Reason.JSON;
        long at = malformed.getLocation() == null ? -1 : malformed.getLocation().getByteOffset();
        return Refusal.ofMessage(reason, (at < 0 ? "" : "at byte " + at + ": ") + message);
    }

    /** One pass over one document. */
    private record Pass(JsonParser json, FunnelLimits limits, ReadingParser parser) {

        Outcome outcome(DeviceKey device, @Nullable MetricName metric) {
            List<Reading> readings = new ArrayList<>(1);
            List<Refusal> refusals = new ArrayList<>(0);
            JsonToken first = json.nextToken();
            int items = 1;
            if (first == null) {
                throw new Rejected(Reason.JSON, "no document");
            } else if (metric != null) {
                parser.bare(metric, readings, refusals);
            } else if (first == JsonToken.START_OBJECT) {
                parser.reading(0, "", readings, refusals);
            } else if (first == JsonToken.START_ARRAY) {
                items = array(readings, refusals);
            } else {
                throw new Rejected(Reason.SHAPE, "neither an object nor an array of objects");
            }
            if (json.nextToken() != null) {
                throw new Rejected(Reason.JSON, "more than one document");
            }
            return new Outcome(device, readings, refusals, items);
        }

        private int array(List<Reading> readings, List<Refusal> refusals) {
            int index = 0;
            for (JsonToken token = json.nextToken(); token != JsonToken.END_ARRAY; token = json.nextToken()) {
                if (index == limits.maxMembers()) {
                    throw new Rejected(Reason.TOO_MANY, "more than " + limits.maxMembers() + " readings");
                }
                String pointer = "/" + index;
                if (token == JsonToken.START_OBJECT) {
                    parser.reading(index, pointer, readings, refusals);
                } else {
                    parser.skip(2);
                    refusals.add(new Refusal(Reason.SHAPE, "not an object", pointer, null, index));
                }
                index++;
            }
            if (index == 0) {
                throw new Rejected(Reason.SHAPE, "an empty array");
            }
            return index;
        }
    }
}
