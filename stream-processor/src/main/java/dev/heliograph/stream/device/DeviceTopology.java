package dev.heliograph.stream.device;

import dev.heliograph.model.wire.Topics;
import dev.heliograph.stream.StreamCounters;
import dev.heliograph.stream.decode.DeadLetters;
import dev.heliograph.stream.decode.DecodeProcessor;
import dev.heliograph.stream.decode.Decoding;
import dev.heliograph.stream.rules.RuleProcessor;
import dev.heliograph.stream.rules.RuleTable;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.IntFunction;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.TimestampExtractor;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * The graph: three topics by device are decoded and meet in one processor with the state of the device; rules come by a
 * global store. Every node and store has a fixed name, since the names of the changelogs follow from them.
 */
public final class DeviceTopology {
    /** Store of everything of a device but its samples. */
    public static final String DEVICE_STORE = "device-state";
    /** Store of the samples of a device by minute, and of its hours. */
    public static final String MINUTE_STORE = "device-minutes";
    /** Store of what is registered of a device. */
    public static final String REGISTRY_STORE = "device-registry";
    /** Global store of the rules. */
    public static final String RULE_STORE = "rules";

    static final String WINDOWS_SINK = "windows-out";
    static final String PRESENCE_SINK = "presence-out";
    static final String ALERTS_SINK = "alert-transitions-out";
    private static final String DEAD_LETTER_SINK = "dead-letters-out";
    private static final String DEVICE_NODE = "device";
    private static final String RULES_NODE = "rules-update";

    // A record of a producer without a clock must not stop the stream; its content has the times that count.
    private static final TimestampExtractor TIMESTAMP = (record, partitionTime) -> Math.max(0, record.timestamp());

    private DeviceTopology() {}

    /** Where the stores live. */
    public enum Storage {
        /** On disk, with the changelog in Kafka: what a service uses. */
        ROCKS_DB,
        /** In memory, with the changelog in Kafka: for tests. */
        MEMORY;

        KeyValueBytesStoreSupplier supplier(String name) {
            return this == ROCKS_DB ? Stores.persistentKeyValueStore(name) : Stores.inMemoryKeyValueStore(name);
        }
    }

    /**
     * Builds the graph.
     *
     * @param deadLetterTopic topic for records that cannot be read
     * @param waitingReadings how many readings wait in a partition; empty where that is not known
     */
    public static Topology build(
            DevicePolicy policy,
            Storage storage,
            String deadLetterTopic,
            StreamCounters counters,
            IntFunction<OptionalLong> waitingReadings) {
        RuleTable rules = new RuleTable(counters);
        DeadLetters deadLetters = new DeadLetters(counters);
        ThreadLocal<TasksOfThread> tasksOfThread = ThreadLocal.withInitial(TasksOfThread::new);
        Topology topology = new Topology();
        topology.addGlobalStore(
                Stores.keyValueStoreBuilder(storage.supplier(RULE_STORE), Serdes.String(), Serdes.ByteArray())
                        .withLoggingDisabled(),
                "rules-in",
                TIMESTAMP,
                Serdes.String().deserializer(),
                bytesIn(),
                Topics.RULES,
                RULES_NODE,
                () -> new RuleProcessor(RULE_STORE, rules));
        addInput(topology, Topics.READINGS, Decoding.READINGS, deadLetters);
        addInput(topology, Topics.DEVICE_SESSIONS, Decoding.SESSIONS, deadLetters);
        addInput(topology, Topics.DEVICES, Decoding.DEVICES, deadLetters);
        topology.addProcessor(
                DEVICE_NODE,
                () -> new DeviceProcessor(policy, rules, counters, waitingReadings, tasksOfThread),
                decodeNode(Topics.READINGS),
                decodeNode(Topics.DEVICE_SESSIONS),
                decodeNode(Topics.DEVICES));
        topology.addStateStore(store(storage, DEVICE_STORE), DEVICE_NODE);
        topology.addStateStore(store(storage, MINUTE_STORE), DEVICE_NODE);
        topology.addStateStore(store(storage, REGISTRY_STORE), DEVICE_NODE);
        addOutput(topology, WINDOWS_SINK, Topics.WINDOWS, DEVICE_NODE);
        addOutput(topology, PRESENCE_SINK, Topics.PRESENCE, DEVICE_NODE);
        addOutput(topology, ALERTS_SINK, Topics.ALERT_TRANSITIONS, DEVICE_NODE);
        addOutput(
                topology,
                DEAD_LETTER_SINK,
                deadLetterTopic,
                decodeNode(Topics.READINGS),
                decodeNode(Topics.DEVICE_SESSIONS),
                decodeNode(Topics.DEVICES));
        return topology;
    }

    private static StoreBuilder<KeyValueStore<String, byte[]>> store(Storage storage, String name) {
        return Stores.keyValueStoreBuilder(storage.supplier(name), Serdes.String(), Serdes.ByteArray())
                .withCachingEnabled()
                .withLoggingEnabled(Map.of());
    }

    private static void addInput(Topology topology, String topic, Decoding decoding, DeadLetters deadLetters) {
        String source = topic + "-in";
        topology.addSource(AutoOffsetReset.earliest(), source, TIMESTAMP, bytesIn(), bytesIn(), topic);
        topology.addProcessor(
                decodeNode(topic),
                () -> new DecodeProcessor(decoding, deadLetters, DEVICE_NODE, DEAD_LETTER_SINK),
                source);
    }

    private static void addOutput(Topology topology, String name, String topic, String... parents) {
        Serializer<String> keys = Serdes.String().serializer();
        Serializer<byte[]> values = Serdes.ByteArray().serializer();
        topology.addSink(name, topic, keys, values, parents);
    }

    private static Deserializer<byte[]> bytesIn() {
        return Serdes.ByteArray().deserializer();
    }

    private static String decodeNode(String topic) {
        return topic + "-decode";
    }
}
