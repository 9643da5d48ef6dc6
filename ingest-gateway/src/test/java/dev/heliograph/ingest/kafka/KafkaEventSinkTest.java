package dev.heliograph.ingest.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.ingest.intake.Event;
import dev.heliograph.ingest.intake.EventSink;
import dev.heliograph.ingest.ledger.ClaimWriter;
import dev.heliograph.ingest.ledger.Claims;
import dev.heliograph.model.wire.LedgerClaimRecord;
import dev.heliograph.model.wire.LedgerStamp;
import dev.heliograph.model.wire.Topics;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class KafkaEventSinkTest {
    private static final long NOON = 1_790_000_040_000L;
    private final MockProducer<byte[], byte[]> producer = new MockProducer<>(
            false, new RoundRobinPartitioner(), new ByteArraySerializer(), new ByteArraySerializer());
    private final Claims claims = new Claims(() -> 42);
    private final KafkaEventSink sink = new KafkaEventSink(producer, claims);
    private final ClaimWriter claimWriter =
            new ClaimWriter(claims, "gateway-0", sink, InstantSource.fixed(Instant.ofEpochMilli(NOON)));

    @Test
    void givenCountedAndOtherEvents_whenSent_thenOnlyCountedOnesCarryAStamp() {
        sink.send(new Event(Topics.READINGS, "demo/a", new byte[1], NOON, 3), EventSink.Completion.IGNORED);
        sink.send(new Event(Topics.PRESENCE, "demo/a", new byte[1], NOON), EventSink.Completion.IGNORED);
        await().until(() -> producer.history().size() == 2);

        assertThat(LedgerStamp.decode(producer.history()
                        .getFirst()
                        .headers()
                        .lastHeader(LedgerStamp.HEADER)
                        .value()))
                .isEqualTo(new LedgerStamp(42, 3, 0));
        assertThat(producer.history().getLast().headers().toArray()).isEmpty();
    }

    @Test
    void givenOneFailure_whenClosed_thenLastClaimHoldsWhatKafkaAcknowledgedAndNoMore() {
        sink.send(new Event(Topics.READINGS, "demo/a", new byte[1], NOON, 3), EventSink.Completion.IGNORED);
        sink.send(new Event(Topics.READINGS, "demo/b", new byte[1], NOON, 2), EventSink.Completion.IGNORED);
        await().until(() -> producer.history().size() == 2);
        producer.completeNext();
        producer.errorNext(new TimeoutException("too late"));

        sink.close(Duration.ofSeconds(5), () -> claimWriter.close(Duration.ofSeconds(1)));

        List<ProducerRecord<byte[], byte[]>> claimed = producer.history().stream()
                .filter(record -> record.topic().equals(Topics.LEDGER))
                .toList();
        assertThat(claimed).singleElement().satisfies(record -> {
            LedgerClaimRecord claim = LedgerClaimRecord.CODEC.decode(record.value());
            assertThat(claim.source()).isEqualTo("000000000000002a");
            assertThat(claim.lines())
                    .containsExactly(new LedgerClaimRecord.Line("demo", NOON * 1_000, 3, 2, Map.of("readings-0", 0L)));
        });
        assertThat(producer.closed()).isTrue();
    }
}
