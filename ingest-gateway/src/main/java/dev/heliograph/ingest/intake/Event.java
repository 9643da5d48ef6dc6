package dev.heliograph.ingest.intake;

/**
 * One record on its way to a Kafka topic.
 *
 * @param topic name of the topic
 * @param key key of the record, {@code tenant/device}
 * @param value the encoded value; given away, not copied
 * @param timestampMillis time of the record: when the gateway received what it is about
 * @param units how many units the ledger counts for it: samples of a reading, 1 for a refusal, 0 for what it does not count
 */
public record Event(String topic, String key, byte[] value, long timestampMillis, int units) {
    /** An event that the ledger does not count. */
    public Event(String topic, String key, byte[] value, long timestampMillis) {
        this(topic, key, value, timestampMillis, 0);
    }

    /** Whose it is by its key: what stands before the slash, or the whole key where there is none. */
    public String tenant() {
        int slash = key.indexOf('/');
        return slash < 0 ? key : key.substring(0, slash);
    }
}
