package dev.heliograph.query.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.model.testing.WireGolden;
import dev.heliograph.model.wire.Topics;
import dev.heliograph.query.kafka.KafkaSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class StatusFeedTest {
    private final StatusBoard board = new StatusBoard(Clock.systemUTC());
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final StatusFeed feed = new StatusFeed(
            new KafkaSettings("unused:1", Map.of()),
            board,
            new KafkaView(Clock.systemUTC()),
            Clock.systemUTC(),
            meters);

    @Test
    void givenHeartbeatsOfANewerVersion_whenRead_thenThoseThatCannotBeReadAreCountedAndTheOthersShown() {
        feed.accept(heartbeat(WireGolden.changed("service-status", "\"v\":1", "\"v\":2")));
        assertThat(board.instances("ingest-gateway")).isEmpty();

        feed.accept(heartbeat(WireGolden.changed("service-status", "\"v\":1,", "\"v\":1,\"addedLater\":[{}],")));

        assertThat(board.instances("ingest-gateway")).hasSize(1);
        assertThat(meters.counter("heliograph.query.unreadable", "topic", Topics.SERVICE_STATUS)
                        .count())
                .isEqualTo(1);
    }

    private static ConsumerRecord<byte[], byte[]> heartbeat(byte[] value) {
        return new ConsumerRecord<>(Topics.SERVICE_STATUS, 0, 0, new byte[0], value);
    }
}
