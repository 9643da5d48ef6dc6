package dev.heliograph.stream.rules;

import dev.heliograph.model.alert.AlertRule;
import dev.heliograph.model.alert.RuleBook;
import dev.heliograph.model.alert.RuleCheck;
import dev.heliograph.model.wire.RuleRecord;
import dev.heliograph.model.wire.WireFormatException;
import dev.heliograph.stream.StreamCounters;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rules as this instance knows them. Written by the thread of the global store, read by all stream threads. A rule
 * that cannot be used is logged and counted, and is as good as not there; the other rules stay in force.
 */
public final class RuleTable {
    private static final Logger LOG = LoggerFactory.getLogger(RuleTable.class);

    private final StreamCounters counters;
    private final Map<String, AlertRule> rules = new HashMap<>();
    private volatile Edition edition = new Edition(0, RuleBook.EMPTY);

    /** The rules of one moment; a higher number is newer. */
    public record Edition(long number, RuleBook book) {}

    public RuleTable(StreamCounters counters) {
        this.counters = counters;
    }

    /** The newest edition. */
    public Edition edition() {
        return edition;
    }

    /** Takes a changed or removed rule into the store and the next edition. */
    synchronized void change(KeyValueStore<String, byte[]> store, String key, byte @Nullable [] value) {
        if (value == null) {
            store.delete(key);
        } else {
            store.put(key, value);
        }
        take(key, value);
        publish();
    }

    /** Takes everything in the store, which may have been restored without passing through {@link #change}. */
    public synchronized void reload(ReadOnlyKeyValueStore<String, byte[]> store) {
        Map<String, AlertRule> before = new HashMap<>(rules);
        rules.clear();
        try (KeyValueIterator<String, byte[]> all = store.all()) {
            while (all.hasNext()) {
                KeyValue<String, byte[]> entry = all.next();
                take(entry.key, entry.value);
            }
        }
        if (!before.equals(rules)) {
            publish();
        }
    }

    private void publish() {
        edition = new Edition(edition.number() + 1, new RuleBook(rules.values()));
    }

    private void take(String key, byte @Nullable [] value) {
        AlertRule rule = value == null ? null : read(key, value);
        if (rule == null) {
            rules.remove(key);
        } else {
            rules.put(key, rule);
        }
    }

    private @Nullable AlertRule read(String key, byte[] value) {
        try {
            return switch (RuleCheck.of(RuleRecord.CODEC.decode(value))) {
                case RuleCheck.Valid valid -> withItsKey(key, valid.rule());
                case RuleCheck.Invalid invalid ->
                    refused(key, invalid.problems().toString());
            };
        } catch (WireFormatException poison) {
            return refused(key, String.valueOf(poison.getMessage()));
        }
    }

    private @Nullable AlertRule withItsKey(String key, AlertRule rule) {
        return key.equals(rule.tenant() + "/" + rule.id()) ? rule : refused(key, "its key is not its tenant and id");
    }

    private @Nullable AlertRule refused(String key, String why) {
        counters.refusedRule();
        LOG.warn("Rule {} cannot be used: {}", key, why);
        return null;
    }
}
