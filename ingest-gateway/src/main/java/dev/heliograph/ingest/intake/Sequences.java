package dev.heliograph.ingest.intake;

import dev.heliograph.model.id.DeviceKey;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The highest sequence number that each device has sent by its present strand of messages, to notice what is missing. The
 * first number of a strand is a beginning: the device may have been at another instance before, which has the numbers between.
 * A lower number is a repetition or late, and changes nothing. Only 0 or 1 may be of a device that counts anew: it does when the
 * numbers behind it follow one another, and until then none is missing that came before.
 *
 * <p>What is called a gap is one, therefore, and a gap at which a strand ends is not noticed here: the ledger, which sees all
 * instances, counts those too. Bounded by the number of registered devices. Thread-safe.
 */
public final class Sequences {
    private static final long RESTART = 1;
    private static final int STEPS_OF_A_NEW_COUNT = 3;
    private static final long NONE = -1;

    private final ConcurrentMap<DeviceKey, Track> tracks = new ConcurrentHashMap<>();

    /** The newest strand of one device. */
    private static final class Track {
        private long strand;
        private long highest;

        /** The highest before a number that may begin a new count; {@link #NONE} while there is no doubt. */
        private long before = NONE;

        private int steps;

        Track(long strand, long first) {
            this.strand = strand;
            this.highest = first;
        }

        synchronized boolean isGap(long of, long sequence) {
            if (of != strand) {
                strand = of;
                highest = sequence;
                before = NONE;
                return false;
            }
            if (sequence <= RESTART && sequence < highest) {
                before = Math.max(before, highest);
                highest = sequence;
                steps = 0;
                return false;
            }
            boolean leavesOut = sequence - 1 > Math.max(highest, before);
            if (sequence - 1 == highest) {
                steps++;
            }
            highest = Math.max(highest, sequence);
            if (sequence > before || steps == STEPS_OF_A_NEW_COUNT) {
                before = NONE;
            }
            return leavesOut;
        }
    }

    /**
     * Whether numbers are left out between the highest of the strand so far and this one, which is remembered.
     *
     * @param strand of the message that it came with, see {@link dev.heliograph.ingest.funnel.RawMessage#strand}
     * @param sequence from 0
     */
    public boolean isGap(DeviceKey device, long strand, long sequence) {
        Track known = tracks.get(device);
        if (known == null) {
            known = tracks.putIfAbsent(device, new Track(strand, sequence));
            if (known == null) {
                return false;
            }
        }
        return known.isGap(strand, sequence);
    }

    /** Forgets a device that is no longer registered. */
    public void forget(DeviceKey device) {
        tracks.remove(device);
    }
}
