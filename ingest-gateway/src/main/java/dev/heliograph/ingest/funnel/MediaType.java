package dev.heliograph.ingest.funnel;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A declared content type (RFC 9110, section 8.3.1), taken apart. Only what the funnel asks for: no quoted pairs.
 *
 * @param essence type and subtype in lower case, such as {@code application/json}
 * @param parameters the parameters by name in lower case, values without quotes and in lower case
 */
public record MediaType(String essence, Map<String, String> parameters) {
    /** One JSON document (RFC 8259). */
    public static final MediaType JSON = new MediaType("application/json", Map.of());

    /** One CBOR data item (RFC 8949). */
    public static final MediaType CBOR = new MediaType("application/cbor", Map.of());

    /** A SenML pack in JSON (RFC 8428). */
    public static final MediaType SENML_JSON = new MediaType("application/senml+json", Map.of());

    /** A SenML pack in CBOR (RFC 8428, section 6). */
    public static final MediaType SENML_CBOR = new MediaType("application/senml+cbor", Map.of());

    /** Line protocol, or a bare value on the topic of a metric. */
    public static final MediaType TEXT = new MediaType("text/plain", Map.of());

    private static final int MAX_LENGTH = 256;

    public MediaType {
        parameters = Map.copyOf(parameters);
    }

    /** The type that the text declares, or null where it breaks the grammar. */
    static @Nullable MediaType parse(String text) {
        if (text.equals(JSON.essence)) {
            return JSON;
        }
        if (text.length() > MAX_LENGTH) {
            return null;
        }
        String[] parts = text.toLowerCase(Locale.ROOT).split(";", -1);
        String essence = parts[0].strip();
        int slash = essence.indexOf('/');
        if (slash < 1 || !isToken(essence.substring(0, slash)) || !isToken(essence.substring(slash + 1))) {
            return null;
        }
        Map<String, String> parameters = new HashMap<>();
        for (int i = 1; i < parts.length; i++) {
            int equals = parts[i].indexOf('=');
            String value =
                    equals < 0 ? "" : unquoted(parts[i].substring(equals + 1).strip());
            if (equals < 0 || !isToken(parts[i].substring(0, equals).strip()) || !isToken(value)) {
                return null;
            }
            parameters.put(parts[i].substring(0, equals).strip(), value);
        }
        return new MediaType(essence, parameters);
    }

    /** Whether this is the other's type, whatever the parameters. */
    public boolean is(MediaType other) {
        return essence.equals(other.essence);
    }

    /** Whether text of this type is in UTF-8: said so, or not said. */
    boolean isUtf8() {
        return parameters.getOrDefault("charset", "utf-8").equals("utf-8");
    }

    private static String unquoted(String value) {
        return value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"")
                ? value.substring(1, value.length() - 1)
                : value;
    }

    /** {@code token} of RFC 9110, section 5.6.2. */
    private static boolean isToken(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean alphanumeric = c >= 'a' && c <= 'z' || c >= '0' && c <= '9';
            if (!alphanumeric && "!#$%&'*+-.^_`|~".indexOf(c) < 0) {
                return false;
            }
        }
        return !text.isEmpty();
    }
}
