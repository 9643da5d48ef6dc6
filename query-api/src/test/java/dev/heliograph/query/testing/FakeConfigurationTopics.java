package dev.heliograph.query.testing;

import dev.heliograph.query.outbox.ConfigurationTopics;
import dev.heliograph.query.outbox.OutboxRow;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Topics in memory, which can be away. */
public final class FakeConfigurationTopics implements ConfigurationTopics {
    public final List<OutboxRow> published = new CopyOnWriteArrayList<>();
    public volatile boolean away;

    @Override
    public int publish(List<OutboxRow> rows) {
        if (away) {
            return 0;
        }
        published.addAll(rows);
        return rows.size();
    }

    /** Values published under a key, oldest first. */
    public List<OutboxRow> of(String key) {
        return published.stream().filter(row -> row.key().equals(key)).toList();
    }
}
