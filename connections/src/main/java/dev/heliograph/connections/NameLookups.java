package dev.heliograph.connections;

import java.security.Security;
import org.jspecify.annotations.Nullable;

/**
 * How long a process believes an address that it was told for a name. Left to itself, the JVM believes one for 30 s, and that
 * there is none for 10 s; a broker or a database that moves is looked for in its old place for as long. Clients look a name
 * up for each connection that they open, so this is what bounds how late they find the new place.
 *
 * <p>The JVM reads its security properties once, at the first look-up: {@link #followMoves()} must run before it.
 */
public final class NameLookups {
    /** Seconds for which an address is believed, as a system property; 5 by default. */
    public static final String TTL = "heliograph.names.ttl-seconds";
    /** Seconds for which it is believed that a name has no address, as a system property; 1 by default. */
    public static final String NEGATIVE_TTL = "heliograph.names.negative-ttl-seconds";

    private static final String DEFAULT_TTL = "5";
    private static final String DEFAULT_NEGATIVE_TTL = "1";

    // https://docs.oracle.com/en/java/javase/25/docs/api/java.base/java/net/InetAddress.html, "InetAddress Caching"
    private static final String JVM_TTL = "networkaddress.cache.ttl";
    private static final String JVM_NEGATIVE_TTL = "networkaddress.cache.negative.ttl";

    private NameLookups() {}

    /**
     * Makes this process follow names that move. Call it first in {@code main}.
     *
     * @throws IllegalArgumentException if a property is no number of seconds, 0 or more
     */
    public static void followMoves() {
        Security.setProperty(JVM_TTL, seconds(TTL, DEFAULT_TTL));
        Security.setProperty(JVM_NEGATIVE_TTL, seconds(NEGATIVE_TTL, DEFAULT_NEGATIVE_TTL));
    }

    private static String seconds(String property, String otherwise) {
        String text = System.getProperty(property, otherwise);
        try {
            if (Integer.parseInt(text) >= 0) {
                return text;
            }
        } catch (NumberFormatException noNumber) {
            throw refused(property, text, noNumber);
        }
        throw refused(property, text, null);
    }

    private static IllegalArgumentException refused(String property, String text, @Nullable Throwable cause) {
        return new IllegalArgumentException(property + " must be a number of seconds, 0 or more, was " + text, cause);
    }
}
