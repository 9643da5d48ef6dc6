package dev.heliograph.ingest.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.ingest.TestSettings;
import dev.heliograph.model.wire.Topics;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A gateway that leaves: nothing acknowledged is lost, nothing in flight is dropped, and no storm is made. */
class DrainTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int DEVICES = 40;

    @Test
    void givenConnectedDevices_whenTheGatewayLeaves_thenTheyGoOneAfterTheOtherAndAreServedUntilThen() throws Exception {
        RunningEndpoint running = new RunningEndpoint(
                TestSettings.noLimits(), "drain.spread=2s", "drain.connections-per-second=10", "drain.timeout=5s");
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < DEVICES; i++) {
            running.register("d" + i);
            clients.add(RawClient.connected(running.endpoint.port(), "d" + i));
        }
        int port = running.endpoint.port();
        List<Long> goodbyes = Collections.synchronizedList(new ArrayList<>());
        AtomicInteger acknowledged = new AtomicInteger();
        AtomicInteger untold = new AtomicInteger();
        List<Thread> devices = new ArrayList<>();
        for (int i = 0; i < DEVICES; i++) {
            String device = "d" + i;
            RawClient client = clients.get(i);
            devices.add(
                    Thread.ofVirtual().start(() -> publishUntilTold(client, device, goodbyes, acknowledged, untold)));
        }
        await().atMost(PATIENCE).until(() -> acknowledged.get() > DEVICES);

        Thread leaving = Thread.ofVirtual().start(running.endpoint::stop);
        await().atMost(PATIENCE).until(() -> refusesConnections(port));
        assertThat(running.endpoint.connections()).as("still served").isPositive();
        for (Thread device : devices) {
            assertThat(device.join(PATIENCE)).isTrue();
        }
        assertThat(leaving.join(PATIENCE)).isTrue();

        assertThat(untold.get()).as("closed without a word").isZero();
        assertThat(goodbyes).hasSize(DEVICES);
        Collections.sort(goodbyes);
        long first = goodbyes.getFirst();
        assertThat(goodbyes.getLast() - first)
                .as("spread over two seconds")
                .isGreaterThan(TimeUnit.MILLISECONDS.toNanos(1_500));
        long inFirstHalf = goodbyes.stream()
                .filter(at -> at - first < TimeUnit.SECONDS.toNanos(1))
                .count();
        assertThat(inFirstHalf).as("evenly").isBetween(DEVICES / 4L, DEVICES * 3L / 4);
        assertThat(running.events(Topics.READINGS).size())
                .as("what was acknowledged is there")
                .isGreaterThanOrEqualTo(acknowledged.get());
    }

    @Test
    void givenFewDevices_whenTheGatewayLeaves_thenItDoesNotTakeTheWholeSpread() throws Exception {
        RunningEndpoint running = new RunningEndpoint(TestSettings.noLimits());
        running.register("d0");
        RawClient client = RawClient.connected(running.endpoint.port(), "d0");
        Thread leaving = Thread.ofVirtual().start(running.endpoint::stop);

        assertThat(client.answersUntilClosed()).containsExactly("DISCONNECT 8B");
        assertThat(leaving.join(Duration.ofSeconds(30)))
                .as("not the minute of the default")
                .isTrue();
    }

    @Test
    void givenMessagesInFlight_whenTheGatewayLeaves_thenTheyAreAcknowledgedBeforeTheGoodbye() throws Exception {
        RunningEndpoint running = new RunningEndpoint(TestSettings.noLimits(), "drain.timeout=30s");
        running.register("d0");
        RawClient client = RawClient.connected(running.endpoint.port(), "d0");
        running.hold();
        for (int id = 1; id <= 3; id++) {
            client.send(RawClient.publish("d0", id, "{\"t\":1}"));
        }
        await().atMost(PATIENCE).until(() -> running.budget.messages() == 3);
        Thread leaving = Thread.ofVirtual().start(running.endpoint::stop);
        int port = running.endpoint.port();
        await().atMost(PATIENCE).until(() -> refusesConnections(port));

        running.release();

        assertThat(client.answersUntilClosed()).containsExactly("PUBACK 00", "PUBACK 00", "PUBACK 00", "DISCONNECT 8B");
        assertThat(leaving.join(PATIENCE)).isTrue();
    }

    private static void publishUntilTold(
            RawClient client, String device, List<Long> goodbyes, AtomicInteger acknowledged, AtomicInteger untold) {
        try {
            for (int id = 1; ; id = id % 60_000 + 1) {
                client.send(RawClient.publish(device, id, "{\"t\":1}"));
                String answer = client.answer();
                if (answer.equals("DISCONNECT 8B")) {
                    goodbyes.add(System.nanoTime());
                    return;
                }
                if (answer.equals("closed")) {
                    untold.incrementAndGet();
                    return;
                }
                acknowledged.incrementAndGet();
                Thread.sleep(20);
            }
        } catch (IOException | InterruptedException broken) {
            untold.incrementAndGet();
        }
    }

    private static boolean refusesConnections(int port) throws IOException {
        try (RawClient probe = new RawClient(port)) {
            return !probe.socket().isConnected();
        } catch (ConnectException refused) {
            return true;
        }
    }
}
