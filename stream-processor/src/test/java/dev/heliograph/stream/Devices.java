package dev.heliograph.stream;

import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.id.MetricName;
import dev.heliograph.model.reading.Micros;
import dev.heliograph.model.reading.Reading;
import dev.heliograph.model.reading.Sample;
import dev.heliograph.model.reading.Transport;
import dev.heliograph.model.wire.ReadingCodec;
import dev.heliograph.model.wire.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** What the gateway would put into Kafka. */
final class Devices implements AutoCloseable {
    private final KafkaProducer<byte[], byte[]> producer;

    Devices(String bootstrapServers) {
        producer = new KafkaProducer<>(
                // One request at a time, as the gateway: the topics may have been created this moment (KAFKA-15591).
                Map.of(
                        "bootstrap.servers",
                        bootstrapServers,
                        "acks",
                        "all",
                        "linger.ms",
                        "5",
                        "max.in.flight.requests.per.connection",
                        "1"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    void report(String device, Instant time, double value, int metrics) {
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < metrics; i++) {
            samples.add(new Sample.Measurement(new MetricName("metric" + i), value + i));
        }
        report(device, time, samples);
    }

    void report(String device, Instant time, List<Sample> samples) {
        DeviceKey key = DeviceKey.of("demo", device);
        long received = Micros.of(Instant.now());
        Reading reading = new Reading(key, Micros.of(time), received, null, samples, null, Transport.MQTT, Set.of());
        put(Topics.READINGS, key.toString(), ReadingCodec.encode(reading));
    }

    void put(String topic, String key, byte[] value) {
        producer.send(new ProducerRecord<>(topic, key.getBytes(StandardCharsets.UTF_8), value));
    }

    void flush() {
        producer.flush();
    }

    @Override
    public void close() {
        producer.close();
    }
}
