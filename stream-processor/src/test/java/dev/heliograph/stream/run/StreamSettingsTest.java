package dev.heliograph.stream.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.connections.kafka.RenewingSslEngineFactory;
import dev.heliograph.stream.device.DevicePolicy;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

class StreamSettingsTest {
    private final ApplicationContextRunner runner =
            new ApplicationContextRunner().withUserConfiguration(Settings.class);

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties({StreamSettings.class, KafkaAccess.class})
    static class Settings {}

    @Test
    void givenNothing_whenBound_thenTheDefaultsAreThoseOfTheDomain() {
        runner.run(context -> {
            StreamSettings settings = context.getBean(StreamSettings.class);
            assertThat(settings.devicePolicy()).isEqualTo(DevicePolicy.DEFAULT);
            assertThat(settings.exactlyOnce()).isTrue();
            assertThat(settings.stateDirectory()).isEqualTo(Path.of("data/stream-state"));
        });
    }

    @Test
    void givenEveryKind_whenBound_thenItReachesKafkaStreams() {
        runner.withPropertyValues(
                        "heliograph.kafka.bootstrap-servers=kafka:1",
                        "heliograph.kafka.properties.[security.protocol]=SSL",
                        "heliograph.stream.application-id=a",
                        "heliograph.stream.state-directory=/var/state",
                        "heliograph.stream.instance=pod-1",
                        "heliograph.stream.static-membership=true",
                        "heliograph.stream.session-timeout=45s",
                        "heliograph.stream.standby-replicas=1",
                        "heliograph.stream.exactly-once=false",
                        "heliograph.stream.windows.lateness=10s")
                .run(context -> {
                    StreamSettings settings = context.getBean(StreamSettings.class);
                    var properties = StreamsProperties.of(settings, context.getBean(KafkaAccess.class));
                    assertThat(properties)
                            .containsEntry("bootstrap.servers", "kafka:1")
                            .containsEntry("security.protocol", "SSL")
                            .containsEntry("ssl.engine.factory.class", RenewingSslEngineFactory.class.getName())
                            .containsEntry(StreamsConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000)
                            .containsEntry(StreamsConfig.CONNECTIONS_MAX_IDLE_MS_CONFIG, 30_000L)
                            .containsEntry(StreamsConfig.STATE_DIR_CONFIG, "/var/state")
                            .containsEntry(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, 1)
                            .containsEntry(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.AT_LEAST_ONCE)
                            .containsEntry(
                                    StreamsConfig.mainConsumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG), "pod-1")
                            .containsEntry(
                                    StreamsConfig.mainConsumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), 45_000);
                    assertThat(settings.devicePolicy().windows().lateness()).isEqualTo(Duration.ofSeconds(10));
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "heliograph.stream.application-id=",
                "heliograph.stream.threads=0",
                "heliograph.stream.standby-replicas=-1",
                "heliograph.stream.replication=8",
                "heliograph.stream.commit-interval=1ms",
                "heliograph.stream.session-timeout=1s",
                "heliograph.stream.static-membership=true",
                "heliograph.stream.windows.lateness=-1s",
                "heliograph.stream.windows.max-minutes=1",
                "heliograph.stream.windows.max-hours=1",
                "heliograph.stream.windows.max-hour-bytes=999",
                "heliograph.stream.windows.tell-hours-every=2h",
                "heliograph.stream.presence.late-factor=0.5",
                "heliograph.stream.lag.behind-after=0s",
                "heliograph.stream.look-share=1",
                "heliograph.kafka.bootstrap-servers="
            })
    void givenASettingOutOfItsRange_whenBound_thenTheStartIsRefused(String setting) {
        runner.withPropertyValues(setting).run(context -> assertThat(context).hasFailed());
    }
}
