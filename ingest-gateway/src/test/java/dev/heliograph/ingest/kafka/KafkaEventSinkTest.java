package dev.heliograph.ingest.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.ingest.intake.Event;
import dev.heliograph.ingest.intake.EventSink;
import dev.heliograph.ingest.intake.EventTooLarge;
import dev.heliograph.ingest.ledger.ClaimWriter;
import dev.heliograph.ingest.ledger.Claims;
import dev.heliograph.model.wire.LedgerClaimRecord;
import dev.heliograph.model.wire.LedgerStamp;
import dev.heliograph.model.wire.Topics;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KafkaEventSinkTest {
    private static final long NOON = 1_790_000_040_000L;
    private static final Duration DELIVERY_TIMEOUT = Duration.ofMinutes(10);
    private static final Event READING = new Event(Topics.READINGS, "demo/a", new byte[1], NOON, 3);

    private final MockProducer<byte[], byte[]> producer = producer();
    private final MockProducer<byte[], byte[]> another = producer();
    private final Iterator<Producer<byte[], byte[]>> producers =
            List.<Producer<byte[], byte[]>>of(producer, another).iterator();
    private final AtomicLong nanos = new AtomicLong();
    private final AtomicLong wallAheadMillis = new AtomicLong();
    private final Claims claims = new Claims(() -> 42);
    private final KafkaEventSink sink = new KafkaEventSink(
            producers::next,
            DELIVERY_TIMEOUT,
            claims,
            () -> Instant.ofEpochMilli(NOON + wallAheadMillis.get() + nanos.get() / 1_000_000),
            nanos::get);
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
        nanos.addAndGet(DELIVERY_TIMEOUT.toNanos());
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

    @Test
    void givenAnEventThatTheProducerGivesUpTooSoon_whenTimeIsLeft_thenItIsSentAgainUnderAStampOfItsOwn() {
        AtomicReference<String> told = new AtomicReference<>();
        sink.send(READING, failure -> told.set(String.valueOf(failure)));
        await().until(() -> producer.history().size() == 1);

        producer.errorNext(new TimeoutException("3600000 ms have passed since it was made"));

        await().until(() -> producer.history().size() == 2);
        assertThat(told).hasNullValue();
        assertThat(producer.history()).extracting(ProducerRecord::value).containsOnly(READING.value());
        producer.completeNext();
        assertThat(told).hasValue("null");
    }

    @Test
    void givenAnEventThatTheProducerGivesUp_whenItsTimeIsOver_thenItHasFailed() {
        AtomicReference<Throwable> told = new AtomicReference<>();
        sink.send(READING, told::set);
        await().until(() -> producer.history().size() == 1);
        nanos.addAndGet(DELIVERY_TIMEOUT.toNanos());

        producer.errorNext(new TimeoutException("too late"));

        assertThat(told.get()).hasMessage("too late");
        assertThat(sink.failures()).isOne();
    }

    @Test
    void givenAnEventThatTheTopicDoesNotAdmit_whenTimeIsLeft_thenItIsToldSoAndIsNoDoubtOfTheLedger() {
        AtomicReference<Throwable> told = new AtomicReference<>();
        sink.send(READING, told::set);
        await().until(() -> producer.history().size() == 1);

        producer.errorNext(new RecordTooLargeException("too large"));

        assertThat(told.get())
                .hasMessage("too large")
                .isInstanceOfSatisfying(
                        EventTooLarge.class,
                        refused -> assertThat(refused.event()).isSameAs(READING));
        assertThat(claims.due(NOON)).isEmpty();
    }

    @Test
    void givenAnEventThatKafkaRefusesForAnotherReason_whenTimeIsLeft_thenItHasFailedAllTheSame() {
        AtomicReference<Throwable> told = new AtomicReference<>();
        sink.send(READING, told::set);
        await().until(() -> producer.history().size() == 1);

        producer.errorNext(new TopicAuthorizationException("not yours"));

        assertThat(told.get()).isInstanceOf(TopicAuthorizationException.class);
    }

    @Test
    void givenAnEventOnItsWay_whenTheWallClockIsSetBack_thenAnotherProducerTakesIt() {
        AtomicReference<String> told = new AtomicReference<>();
        sink.send(READING, failure -> told.set(String.valueOf(failure)));
        await().until(() -> producer.history().size() == 1);

        wallAheadMillis.set(-3_600_000);
        await().until(producer::closed);
        producer.errorNext(new KafkaException("Producer is closed forcefully."));

        await().until(() -> another.history().size() == 1);
        another.completeNext();
        assertThat(told).hasValue("null");
    }

    @Test
    void givenAnEventThatKafkaHas_whenTold_thenTheTimeThereComesFirst() {
        List<String> told = new CopyOnWriteArrayList<>();
        sink.send(READING, new EventSink.Completion() {
            @Override
            public void stored(long kafkaMillis) {
                told.add(Long.toString(kafkaMillis));
            }

            @Override
            public void completed(@Nullable Throwable failure) {
                told.add("completed");
            }
        });
        await().until(() -> producer.history().size() == 1);

        producer.completeNext();

        assertThat(told).containsExactly(Long.toString(RecordBatch.NO_TIMESTAMP), "completed");
    }

    private static MockProducer<byte[], byte[]> producer() {
        return new MockProducer<>(
                false, new RoundRobinPartitioner(), new ByteArraySerializer(), new ByteArraySerializer());
    }
}
