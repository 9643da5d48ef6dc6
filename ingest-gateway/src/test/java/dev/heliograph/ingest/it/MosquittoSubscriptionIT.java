package dev.heliograph.ingest.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.model.id.DeviceKey;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** With an Eclipse Mosquitto that runs as a process of its own; skipped where it is not installed. */
class MosquittoSubscriptionIT extends SubscriptionSuite {
    private Mosquitto mosquitto;

    @Override
    TestBroker broker(Path directory) throws IOException {
        Optional<Path> program = Mosquitto.find();
        assumeThat(program).as("mosquitto is installed").isPresent();
        mosquitto = Mosquitto.start(program.orElseThrow(), directory);
        return mosquitto;
    }

    @Test
    void givenABrokerThatForgotTheSessions_whenItIsBack_thenTheGatewaySubscribesAgainAndCountsIt() throws Exception {
        DeviceKey device = DeviceKey.of("demo", "meter-3");
        try (RunningGateway gateway = gateway("forgotten", List.of(device))) {
            Counter forgotten = gateway.bean(MeterRegistry.class)
                    .get("heliograph.ingest.subscription.forgotten")
                    .counter();
            assertThat(forgotten.count())
                    .as("first connections of this process")
                    .isZero();

            mosquitto.killAndRestart();

            await().atMost(PATIENCE).until(() -> forgotten.count() == 2);
            try (Publisher publisher = new Publisher("forgotten")) {
                publisher.publish(device, 0, 5);
                await().atMost(PATIENCE).until(() -> sequences(device).size() == 5);
            }
        }
    }
}
