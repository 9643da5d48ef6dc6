package dev.heliograph.query.testing;

import dev.heliograph.model.reading.Reading;
import dev.heliograph.query.history.HistoryTopic;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/** Takes readings of the past into a list, or refuses as if Kafka were away. */
public final class FakeHistoryTopic implements HistoryTopic {
    private final List<Reading> sent = new CopyOnWriteArrayList<>();
    public volatile boolean away;

    @Override
    public CompletableFuture<?> send(Reading reading) {
        if (away) {
            return CompletableFuture.failedFuture(new IllegalStateException("away"));
        }
        sent.add(reading);
        return CompletableFuture.completedFuture(null);
    }

    /** What came for one tenant. */
    public List<Reading> of(String tenant) {
        return sent.stream()
                .filter(reading -> reading.device().tenant().value().equals(tenant))
                .toList();
    }
}
