package dev.heliograph.ingest.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AckQueueTest {
    private final List<Integer> acknowledged = new ArrayList<>();
    private boolean connected = true;
    private final AckQueue queue = new AckQueue((packetId, qos) -> {
        if (connected) {
            acknowledged.add(packetId);
        }
        return connected;
    });

    @Test
    void givenMessagesDoneOutOfOrder_whenTheFirstIsDone_thenAllAreAcknowledgedInOrder() {
        AckQueue.Entry first = queue.arrived(1, 1, 0);
        AckQueue.Entry second = queue.arrived(2, 1, 0);
        AckQueue.Entry third = queue.arrived(3, 1, 0);

        third.done();
        second.done();
        assertThat(acknowledged).isEmpty();
        first.done();

        assertThat(acknowledged).containsExactly(1, 2, 3);
    }

    @Test
    void givenANewConnection_whenAnOldMessageIsDone_thenNoNewOneIsAcknowledgedInItsPlace() {
        AckQueue.Entry old = queue.arrived(1, 1, 0);
        queue.newEpoch();
        queue.arrived(1, 1, 0);

        old.done();

        assertThat(acknowledged).isEmpty();
        assertThat(queue.size()).isEqualTo(1);
    }

    @Test
    void givenAFailedMessage_whenThoseBehindItAreDone_thenNothingIsAcknowledged() {
        AckQueue.Entry failed = queue.arrived(1, 1, 0);
        AckQueue.Entry behind = queue.arrived(2, 1, 0);

        failed.failed();
        behind.done();

        assertThat(acknowledged).isEmpty();
    }

    @Test
    void givenALostConnection_whenAnAcknowledgementCannotBeSent_thenTheEpochEnds() {
        AckQueue.Entry first = queue.arrived(1, 1, 0);
        AckQueue.Entry second = queue.arrived(2, 1, 0);
        connected = false;
        first.done();
        connected = true;

        second.done();

        assertThat(acknowledged).isEmpty();
        assertThat(queue.size()).isZero();
    }

    @Test
    void givenAnOpenMessage_whenTimePasses_thenItsAgeGrows() {
        queue.arrived(1, 1, 1_000);

        assertThat(queue.oldestAgeNanos(5_000)).isEqualTo(4_000);
    }
}
