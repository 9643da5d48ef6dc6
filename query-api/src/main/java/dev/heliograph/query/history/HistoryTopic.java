package dev.heliograph.query.history;

import dev.heliograph.model.reading.Reading;
import java.util.concurrent.CompletableFuture;

/** Where readings of the past go: the same log as those of the present, so that one order holds for a device. */
public interface HistoryTopic {
    /** Sends one; the answer comes when all in-sync replicas have it, or with why they do not. */
    CompletableFuture<?> send(Reading reading);
}
