package dev.heliograph.ingest.funnel;

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

/** JSON by RFC 8259, without duplicate members. The input must be UTF-8. */
final class JsonReader implements DocumentReader {
    private static final int MAX_NUMBER_LENGTH = 100;
    private static final int MAX_LONG_DIGITS = 18;
    private static final long MAX_EXACT_INTEGER = 1L << 53;

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

    private final JsonParser json;
    private Token token = Token.NULL;
    private int depth;
    private boolean exact = true;

    JsonReader(byte[] payload) {
        this.json = JSON.createParser(ObjectReadContext.empty(), payload);
    }

    @Override
    public @Nullable Token next() {
        try {
            JsonToken read = json.nextToken();
            return read == null ? null : enter(read);
        } catch (JacksonException fault) {
            throw rejected(fault);
        }
    }

    @Override
    public @Nullable String nextName() {
        try {
            String name = json.nextName();
            if (name == null) {
                JsonToken end = json.currentToken();
                if (end == null) {
                    throw new Rejected(Reason.JSON, "ends within an object");
                }
                enter(end);
            }
            return name;
        } catch (JacksonException fault) {
            throw rejected(fault);
        }
    }

    private Token enter(JsonToken read) {
        switch (read) {
            case START_OBJECT -> deeper(Token.START_OBJECT);
            case START_ARRAY -> deeper(Token.START_ARRAY);
            case END_OBJECT -> {
                depth--;
                token = Token.END_OBJECT;
            }
            case END_ARRAY -> {
                depth--;
                token = Token.END_ARRAY;
            }
            case VALUE_STRING -> token = Token.TEXT;
            case VALUE_NUMBER_INT -> token = Token.INTEGER;
            case VALUE_NUMBER_FLOAT -> token = Token.DECIMAL;
            case VALUE_TRUE -> token = Token.TRUE;
            case VALUE_FALSE -> token = Token.FALSE;
            case VALUE_NULL -> token = Token.NULL;
            // A name, while a value is passed over.
            default -> token = Token.OTHER;
        }
        return token;
    }

    private void deeper(Token start) {
        if (++depth > MAX_DEPTH) {
            throw new Rejected(Reason.DEPTH, "nested deeper than " + MAX_DEPTH);
        }
        token = start;
    }

    @Override
    public Token token() {
        return token;
    }

    @Override
    public String text() {
        try {
            return json.getString();
        } catch (JacksonException fault) {
            throw rejected(fault);
        }
    }

    @Override
    public double number() {
        exact = true;
        try {
            if (token == Token.DECIMAL) {
                return json.isNaN() ? Double.NaN : json.getDoubleValue();
            }
            if (json.getStringLength() > MAX_LONG_DIGITS) {
                exact = false;
                return Double.parseDouble(json.getString());
            }
            long value = json.getLongValue();
            exact = Math.abs(value) <= MAX_EXACT_INTEGER;
            // -0 is a double of its own; a long has no such thing.
            return value == 0 && json.getString().charAt(0) == '-' ? -0.0 : value;
        } catch (JacksonException fault) {
            throw rejected(fault);
        }
    }

    @Override
    public boolean isExact() {
        return exact;
    }

    @Override
    public Reason malformed() {
        return Reason.JSON;
    }

    @Override
    public void close() {
        json.close();
    }

    private static Rejected rejected(JacksonException fault) {
        if (fault instanceof StreamConstraintsException) {
            return new Rejected(Reason.TOO_MANY, fault.getOriginalMessage());
        }
        String message = fault.getOriginalMessage().replace(HIDDEN_SOURCE, "");
        // The parser has one class of exception for all of its findings; a test pins this text.
        Reason reason = message.startsWith("Duplicate") ? Reason.DUPLICATE_KEY : Reason.JSON;
        long at = fault.getLocation() == null ? -1 : fault.getLocation().getByteOffset();
        return new Rejected(reason, (at < 0 ? "" : "at byte " + at + ": ") + message);
    }
}
