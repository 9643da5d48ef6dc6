package dev.heliograph.query.stream;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides which partitions this instance reads. What somebody needs is read at once; what nobody needs any more is read on
 * for a while, as viewers come back and go from page to page. One partition of the readings that has any is always read,
 * since the freshness of the platform is measured by it; while none is known, all are. Knows no clock; not thread-safe.
 */
final class ReadPlan {
    /** A partition without a reading for so long says nothing of the freshness. */
    static final Duration QUIET = Duration.ofSeconds(60);

    private final long lingerNanos;
    private final Map<Place, Long> neededAt = new HashMap<>();
    private final Map<Place, Long> readingAt = new HashMap<>();
    private @Nullable Place probe;

    ReadPlan(Duration linger) {
        this.lingerNanos = linger.toNanos();
    }

    /** Notes that a reading came. */
    void arrived(Place place, long nowNanos) {
        readingAt.put(place, nowNanos);
    }

    /** Nothing is read any more. */
    void clear() {
        neededAt.clear();
        readingAt.clear();
        probe = null;
    }

    /**
     * What is to be read from now on.
     *
     * @param needed by somebody
     * @param readings how many partitions the readings have
     */
    Set<Place> next(Set<Place> needed, int readings, long nowNanos) {
        Set<Place> wanted = new HashSet<>(needed);
        probe = probe(needed, nowNanos);
        if (probe != null) {
            wanted.add(probe);
        } else {
            for (int partition = 0; partition < readings; partition++) {
                wanted.add(new Place(StreamTopic.SAMPLES, partition));
            }
        }
        wanted.forEach(place -> neededAt.put(place, nowNanos));
        neededAt.values().removeIf(at -> nowNanos - at > lingerNanos);
        readingAt.keySet().retainAll(neededAt.keySet());
        return Set.copyOf(neededAt.keySet());
    }

    /** The one before as long as it serves, or else one that is read in any case, or else any that is still read. */
    private @Nullable Place probe(Set<Place> needed, long nowNanos) {
        if (probe != null && serves(probe, nowNanos)) {
            return probe;
        }
        Place any = null;
        for (Place place : readingAt.keySet()) {
            if (serves(place, nowNanos) && (any == null || needed.contains(place))) {
                any = place;
            }
        }
        return any;
    }

    private boolean serves(Place place, long nowNanos) {
        Long at = readingAt.get(place);
        return at != null && nowNanos - at <= QUIET.toNanos();
    }
}
