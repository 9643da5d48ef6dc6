package dev.heliograph.simulator.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.simulator.history.History;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PahoConnectionTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    // Longer than an idle thread lives: until then one would still be there to send a ping that waits in Paho's pool.
    private static final Duration KEEP_ALIVE = LinkRuntime.IDLE_THREAD.plusSeconds(1);

    @Test
    void givenConnectionWithoutTraffic_whenItOutlivesItsKeepAlive_thenItPingsAgainAndAgain() throws Exception {
        try (MqttResponder server = new MqttResponder(1, message -> 0);
                LinkRuntime runtime = new LinkRuntime(settings(server.address()), new FleetMeter(), History.NONE)) {
            Queue<String> losses = new ConcurrentLinkedQueue<>();
            PahoConnection idle =
                    new PahoConnection(runtime, new LinkIdentity("demo/meter-1", null, List.of()), losses::add);
            try {
                Connected connected = new Connected();
                idle.connect(connected);
                assertThat(connected.code.get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                        .isZero();

                await().atMost(PATIENCE).until(() -> server.pings() >= 2);

                assertThat(losses).isEmpty();
                assertThat(server.connects())
                        .singleElement()
                        .satisfies(c -> assertThat(c.variableHeader().keepAliveTimeSeconds())
                                .isEqualTo((int) KEEP_ALIVE.toSeconds()));
            } finally {
                idle.close(true);
            }
        }
    }

    private static LinkSettings settings(URI server) {
        LinkSettings defaults = LinkSettings.to(server);
        return new LinkSettings(
                server,
                defaults.inFlight(),
                defaults.pendingLimit(),
                KEEP_ALIVE,
                defaults.connectTimeout(),
                defaults.firstBackoff(),
                defaults.longestBackoff(),
                defaults.connectsAtOnce(),
                defaults.retainStatus(),
                defaults.sockets());
    }

    private static final class Connected implements PahoConnection.Answer {
        private final CompletableFuture<Integer> code = new CompletableFuture<>();

        @Override
        public void answered(int reasonCode) {
            code.complete(reasonCode);
        }

        @Override
        public void failed(Throwable cause) {
            code.completeExceptionally(cause);
        }
    }
}
