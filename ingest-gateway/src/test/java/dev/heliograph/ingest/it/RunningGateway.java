package dev.heliograph.ingest.it;

import dev.heliograph.ingest.IngestGatewayApplication;
import dev.heliograph.ingest.mqtt.MqttEndpoint;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/** The whole gateway on free loopback ports. */
final class RunningGateway implements AutoCloseable {
    private final ConfigurableApplicationContext context;

    RunningGateway(EmbeddedKafka kafka, String... settings) {
        List<String> arguments = new ArrayList<>(List.of(
                "--heliograph.kafka.bootstrap-servers=" + kafka.bootstrapServers(),
                "--heliograph.ingest.mqtt.host=127.0.0.1",
                "--heliograph.ingest.mqtt.port=0",
                "--server.address=127.0.0.1",
                "--server.port=0",
                "--management.server.port=0",
                "--management.server.address=127.0.0.1"));
        arguments.addAll(List.of(settings));
        context = IngestGatewayApplication.builder().run(arguments.toArray(String[]::new));
    }

    int mqttPort() {
        return context.getBean(MqttEndpoint.class).port();
    }

    int httpPort() {
        return ((WebServerApplicationContext) context).getWebServer().getPort();
    }

    int managementPort() {
        return context.getEnvironment().getRequiredProperty("local.management.port", Integer.class);
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    @Override
    public void close() {
        context.close();
    }
}
