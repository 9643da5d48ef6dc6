package dev.heliograph.ingest.intake;

import dev.heliograph.model.id.DeviceKey;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The highest sequence number that each device has sent to this instance, to notice what is missing. A number of 0 or 1
 * is a device that counts anew; another lower one is a repetition or late, and changes nothing. Bounded by the number of
 * registered devices. Thread-safe.
 */
public final class Sequences {
    private static final long RESTART = 1;

    private final ConcurrentMap<DeviceKey, AtomicLong> highest = new ConcurrentHashMap<>();

    /** Whether numbers are left out between the highest so far and this one, which is remembered. */
    public boolean isGap(DeviceKey device, long sequence) {
        AtomicLong known = highest.get(device);
        if (known == null) {
            known = highest.putIfAbsent(device, new AtomicLong(sequence));
            if (known == null) {
                return false;
            }
        }
        if (sequence <= RESTART) {
            known.set(sequence);
            return false;
        }
        long former = known.getAndAccumulate(sequence, Math::max);
        return sequence > former + 1;
    }

    /** Forgets a device that is no longer registered. */
    public void forget(DeviceKey device) {
        highest.remove(device);
    }
}
