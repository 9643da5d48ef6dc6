package dev.heliograph.model.wire;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Value of the topic {@code ledger}: what a gateway claims to have had acknowledged by Kafka. Counts are totals since the
 * source began, never differences: a claim that is read twice, or late, changes nothing.
 *
 * @param source the life of the gateway process, 16 hexadecimal digits; see {@link LedgerStamp#source()}
 * @param instance name of the gateway instance
 * @param at when the claim was made, µs since the epoch
 * @param lines the minutes that changed since the last claim
 */
public record LedgerClaimRecord(
        int v, String source, @Nullable String instance, long at, List<Line> lines) {
    /** Reads and writes the values of the topic. */
    public static final WireCodec<LedgerClaimRecord> CODEC = WireCodec.of(LedgerClaimRecord.class);

    private static final Pattern SOURCE = Pattern.compile("[0-9a-f]{16}");
    private static final int HEXADECIMAL = 16;

    /**
     * What was acknowledged of one tenant and minute of receipt.
     *
     * @param tenant whose it is, {@code -} for what names no tenant
     * @param minute start of the minute, µs since the epoch
     * @param acknowledged units that Kafka acknowledged; all of them are owed
     * @param unsure units that Kafka did not acknowledge in time: no device was told that they are safe, but they may be
     *     there
     * @param offsets by {@code topic-partition}, the highest offset among those acknowledged
     */
    public record Line(String tenant, long minute, long acknowledged, long unsure, Map<String, Long> offsets) {}

    /** How a source is written. */
    public static String text(long source) {
        return "%016x".formatted(source);
    }

    /**
     * The source as a number.
     *
     * @throws WireFormatException if it is not 16 hexadecimal digits
     */
    public long sourceNumber() {
        if (source == null || !SOURCE.matcher(source).matches()) {
            throw new WireFormatException("source must be 16 hexadecimal digits");
        }
        return Long.parseUnsignedLong(source, HEXADECIMAL);
    }
}
