package dev.heliograph.stream.run;

import java.util.Locale;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.LogAndContinueExceptionHandler;

/** From the settings to the configuration of Kafka Streams; the place where every deviation from its defaults has its reason. */
final class StreamsProperties {
    /** A transaction of a frozen instance blocks every reader; Kafka ends it after this. */
    private static final int TRANSACTION_TIMEOUT_MILLIS = 30_000;

    /**
     * Silence is noticed when a request has waited for so long, and up to twice as long where nothing else wakes the client.
     */
    private static final int REQUEST_TIMEOUT_MILLIS = 10_000;
    /**
     * A connection that nobody needs is closed: it may lead to an address that a broker has left, and whoever asks by it waits
     * for nothing. By Kafka's defaults, 9 min and 30 s, a thread that was put out of its group waited for a minute and a half
     * to be let in again, as it asks by the client of administration.
     */
    private static final long CONNECTION_IDLE_MILLIS = 30_000;

    private StreamsProperties() {}

    static Properties of(StreamSettings settings, KafkaAccess kafka) {
        Properties all = new Properties();
        all.putAll(kafka.clientProperties());
        all.putIfAbsent(StreamsConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_TIMEOUT_MILLIS);
        all.putIfAbsent(StreamsConfig.CONNECTIONS_MAX_IDLE_MS_CONFIG, CONNECTION_IDLE_MILLIS);
        all.put(StreamsConfig.APPLICATION_ID_CONFIG, settings.applicationId());
        all.put(
                StreamsConfig.STATE_DIR_CONFIG,
                settings.stateDirectory().toAbsolutePath().toString());
        all.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, settings.threads());
        all.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, settings.standbyReplicas());
        all.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, settings.replication());
        all.put(
                StreamsConfig.PROCESSING_GUARANTEE_CONFIG,
                settings.exactlyOnce() ? StreamsConfig.EXACTLY_ONCE_V2 : StreamsConfig.AT_LEAST_ONCE);
        all.put(
                StreamsConfig.COMMIT_INTERVAL_MS_CONFIG,
                settings.commitInterval().toMillis());
        all.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, settings.cacheBytes());
        // A standby that lags and takes over has lost what its predecessor had cached (reported for caches with the
        // default of 10,000 records); only one without lag may take over.
        all.put(StreamsConfig.ACCEPTABLE_RECOVERY_LAG_CONFIG, 0L);
        // The sources read bytes, which cannot fail; should a future one, a poison record does not stop the stream.
        all.put(StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG, LogAndContinueExceptionHandler.class);
        all.put(StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "zstd");
        all.put(StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG), TRANSACTION_TIMEOUT_MILLIS);
        all.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), (int)
                settings.sessionTimeout().toMillis());
        if (settings.staticMembership()) {
            all.put(
                    StreamsConfig.mainConsumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG),
                    settings.instance().toLowerCase(Locale.ROOT));
        }
        return all;
    }
}
