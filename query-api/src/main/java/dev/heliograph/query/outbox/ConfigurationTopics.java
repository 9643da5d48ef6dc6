package dev.heliograph.query.outbox;

import java.util.List;

/** Where published configuration goes: the compacted topics. */
public interface ConfigurationTopics {
    /**
     * Publishes changes in order and waits until they are kept, or the time is up.
     *
     * @return how many from the front are certainly kept; the rest may be or not, and is to be sent again
     */
    int publish(List<OutboxRow> rows);
}
