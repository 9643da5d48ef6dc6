package dev.heliograph.query.history;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The readings of an upload, one after the other, so that no upload is ever in memory as a whole. */
interface HistoryItems {
    /**
     * The next one; null at the end.
     *
     * @throws IOException if the connection of the sender breaks
     */
    @Nullable
    HistoryItem next() throws IOException;

    /** What a place is called: {@code line} or {@code index}. */
    String placeName();
}
