package dev.heliograph.ingest.intake;

import java.time.Duration;
import java.util.Locale;

/**
 * The limit that a message would have exceeded.
 *
 * @param scope whose limit
 * @param quantity counted in what
 * @param perSecond the limit
 * @param waitNanos how long until a message of this sender is within it again, if nobody takes the room first
 */
public record Excess(Scope scope, Quantity quantity, long perSecond, long waitNanos) {

    /** Whose limit it is. */
    public enum Scope {
        /** One device, over all its connections and transports. */
        DEVICE,
        /** All devices of a tenant. */
        TENANT,
        /** This instance of the gateway. */
        INSTANCE,
        /** All devices that bring history to this instance. */
        HISTORY;

        /** In words and in labels: lower case. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** For the sender, one clause. */
    public String describe() {
        return String.format(
                Locale.ROOT, "over the limit of %d %s per second of the %s", perSecond, quantity.word(), scope.word());
    }

    /** {@link #waitNanos} in whole seconds, at least one, as {@code Retry-After} wants it. */
    public long waitSeconds() {
        return Math.max(1, Duration.ofNanos(waitNanos).plusNanos(999_999_999).toSeconds());
    }
}
