package dev.heliograph.writer.revise;

import dev.heliograph.model.wire.WindowRevisionRecord;
import java.util.List;

/** Where revisions are told. */
public interface RevisionTopic extends AutoCloseable {
    /**
     * Tells these in their order.
     *
     * @return whether all of them are kept; where not, any of them may be
     */
    boolean publish(List<WindowRevisionRecord> revisions);

    @Override
    void close();
}
