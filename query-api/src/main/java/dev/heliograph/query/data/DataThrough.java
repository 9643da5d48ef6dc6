package dev.heliograph.query.data;

import java.time.Instant;
import java.util.Optional;

/** How far the store is: what was received before then can be read. */
@FunctionalInterface
public interface DataThrough {
    /** That instant; empty while the writer has not told. */
    Optional<Instant> now();
}
