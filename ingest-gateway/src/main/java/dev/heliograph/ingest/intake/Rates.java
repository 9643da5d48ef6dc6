package dev.heliograph.ingest.intake;

/**
 * Sustained rates of one scope; 0 for no limit.
 *
 * @param messages messages per second
 * @param measurements numeric and text samples per second
 * @param bytes payload bytes per second
 */
public record Rates(long messages, long measurements, long bytes) {
    /** No limit at all. */
    public static final Rates NONE = new Rates(0, 0, 0);

    /** @throws IllegalArgumentException if a rate is negative */
    public Rates {
        if (messages < 0 || measurements < 0 || bytes < 0) {
            throw new IllegalArgumentException("rates must be 0 or more, were " + messages + " messages, "
                    + measurements + " measurements, " + bytes + " bytes per second");
        }
    }

    long of(Quantity quantity) {
        return switch (quantity) {
            case MESSAGES -> messages;
            case MEASUREMENTS -> measurements;
            case BYTES -> bytes;
        };
    }

    boolean areUnlimited() {
        return messages == 0 && measurements == 0 && bytes == 0;
    }
}
