package dev.heliograph.query.rate;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The buckets of all who share one quota, by name. Pure: the time is given, as nanoseconds of any clock that does not run
 * backwards. At most so many are kept; the one not used for longest makes room. A bucket that nobody knows is full, so that
 * forgetting one gives its owner no more than one burst.
 *
 * @param <K> whose bucket it is
 */
final class Buckets<K> {
    private final Quota quota;
    private final int most;
    private final Map<K, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true);

    Buckets(Quota quota, int most) {
        this.quota = quota;
        this.most = most;
    }

    private static final class Bucket {
        private double tokens;
        private long asOf;

        Bucket(double tokens, long asOf) {
            this.tokens = tokens;
            this.asOf = asOf;
        }
    }

    /**
     * What a request found.
     *
     * @param taken whether it may go on
     * @param remaining whole requests that could follow at once
     * @param resetSeconds until the bucket is full again
     * @param waitSeconds until the next request may go on; 0 where one may now
     */
    record Standing(boolean taken, long remaining, long resetSeconds, long waitSeconds) {}

    /** Takes one token, if there is one. */
    synchronized Standing take(K owner, long now) {
        Bucket bucket = buckets.computeIfAbsent(owner, name -> new Bucket(quota.burst(), now));
        forgetOldest();
        bucket.tokens = Math.min(quota.burst(), bucket.tokens + quota.tokensIn(now - bucket.asOf));
        bucket.asOf = Math.max(bucket.asOf, now);
        boolean taken = bucket.tokens >= 1;
        if (taken) {
            bucket.tokens -= 1;
        }
        return new Standing(
                taken,
                (long) bucket.tokens,
                quota.secondsFor(quota.burst() - bucket.tokens),
                bucket.tokens >= 1 ? 0 : quota.secondsFor(1 - bucket.tokens));
    }

    /** Gives a token back that was taken for a request which another quota refused. */
    synchronized void giveBack(K owner) {
        Bucket bucket = buckets.get(owner);
        if (bucket != null) {
            bucket.tokens = Math.min(quota.burst(), bucket.tokens + 1);
        }
    }

    private void forgetOldest() {
        if (buckets.size() > most) {
            Iterator<K> oldest = buckets.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    Quota quota() {
        return quota;
    }
}
