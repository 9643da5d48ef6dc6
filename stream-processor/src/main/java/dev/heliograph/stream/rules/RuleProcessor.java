package dev.heliograph.stream.rules;

import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** Keeps the global store of rules and tells the {@link RuleTable}. It never throws: that would end the instance. */
public final class RuleProcessor implements Processor<String, byte[], Void, Void> {
    private final String storeName;
    private final RuleTable table;
    private @Nullable KeyValueStore<String, byte[]> store;

    public RuleProcessor(String storeName, RuleTable table) {
        this.storeName = storeName;
        this.table = table;
    }

    @Override
    public void init(ProcessorContext<Void, Void> context) {
        store = context.getStateStore(storeName);
    }

    @Override
    public void process(Record<String, byte[]> record) {
        KeyValueStore<String, byte[]> initialised = store;
        if (initialised != null && record.key() != null) {
            table.change(initialised, record.key(), record.value());
        }
    }
}
