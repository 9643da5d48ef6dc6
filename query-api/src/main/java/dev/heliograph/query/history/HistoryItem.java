package dev.heliograph.query.history;

import dev.heliograph.model.id.DeviceId;
import dev.heliograph.model.reading.Location;
import dev.heliograph.model.reading.Sample;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One reading of an upload, or why it is none. It is taken whole or not at all. */
sealed interface HistoryItem {
    /** Where it stands: the line of a CSV file, from 1; the index in a JSON array, from 0. */
    long place();

    /** A reading of which everything but its age and its device has been checked. */
    record Good(
            long place,
            DeviceId device,
            long timeMicros,
            @Nullable Long sequence,
            List<Sample> samples,
            @Nullable Location location)
            implements HistoryItem {}

    /**
     * None.
     *
     * @param pointer into the reading; empty for all of it
     */
    record Bad(long place, HistoryReason reason, String detail, String pointer) implements HistoryItem {}
}
