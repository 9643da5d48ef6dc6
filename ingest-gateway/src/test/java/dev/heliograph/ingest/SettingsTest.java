package dev.heliograph.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heliograph.connections.kafka.RenewingSslEngineFactory;
import dev.heliograph.ingest.funnel.Layout;
import dev.heliograph.ingest.http.HttpSettings;
import dev.heliograph.ingest.intake.LimitSettings;
import dev.heliograph.ingest.kafka.KafkaSettings;
import dev.heliograph.ingest.mqtt.MqttSettings;
import dev.heliograph.ingest.sparkplug.SparkplugSettings;
import dev.heliograph.ingest.subscription.SubscriptionSettings;
import dev.heliograph.ingest.tls.TlsSettings;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.mock.env.MockEnvironment;

class SettingsTest {
    private final ApplicationContextRunner runner = new ApplicationContextRunner().withUserConfiguration(All.class);

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties({
        IngestSettings.class,
        MappingSettings.class,
        KafkaSettings.class,
        LimitSettings.class,
        MqttSettings.class,
        HttpSettings.class,
        SubscriptionSettings.class,
        SparkplugSettings.class
    })
    static class All {}

    @Test
    void givenNothing_whenBound_thenTheDefaultsAreThoseOfTheManual() {
        runner.run(context -> {
            assertThat(context).hasNotFailed();
            MqttSettings mqtt = context.getBean(MqttSettings.class);
            assertThat(mqtt.port()).isEqualTo(1883);
            assertThat(mqtt.tls().enabled()).isFalse();
            assertThat(mqtt.receiveMaximum()).isEqualTo(100);
            assertThat(mqtt.webSocket().port()).isEqualTo(-1);
            assertThat(mqtt.tls().minimum()).isEqualTo(TlsSettings.Version.TLS_1_3);
            assertThat(mqtt.drain().spread()).isEqualTo(Duration.ofMinutes(1));
            assertThat(mqtt.admission().connectsPerSecondPerAddress()).isEqualTo(200);
            assertThat(context.getBean(LimitSettings.class).deviceMessagesPerSecond())
                    .isEqualTo(100);
            assertThat(context.getBean(LimitSettings.class).instanceMessagesPerSecond())
                    .isZero();
            assertThat(context.getBean(IngestSettings.class).maxAge()).isEqualTo(Duration.ofDays(30));
            assertThat(context.getBean(KafkaSettings.class).partitions()).isEqualTo(6);
            assertThat(context.getBean(SubscriptionSettings.class).brokerUri()).isNull();
            assertThat(context.getBean(SparkplugSettings.class).brokerUri()).isNull();
            assertThat(context.getBean(SparkplugSettings.class).holdTimeout()).isEqualTo(Duration.ofSeconds(30));
            assertThat(context.getBean(SparkplugSettings.class).publishState()).isTrue();
            assertThat(context.getBean(HttpSettings.class).enabled()).isTrue();
            assertThat(context.getBean(MappingSettings.class).layouts())
                    .containsExactly(Layout.HELIOGRAPH, Layout.THINGSBOARD);
            assertThat(context.getBean(MappingSettings.class).rows()).isEmpty();
        });
    }

    @Test
    void givenSettings_whenBound_thenEachArrives() {
        runner.withPropertyValues(
                        "heliograph.kafka.bootstrap-servers=a:1,b:2",
                        "heliograph.kafka.replication=3",
                        "heliograph.kafka.min-in-sync-replicas=2",
                        "heliograph.kafka.properties[security.protocol]=SSL",
                        "heliograph.ingest.max-ahead=1m",
                        "heliograph.ingest.mqtt.tls.enabled=true",
                        "heliograph.ingest.mqtt.tls.certificate=/tls/tls.crt",
                        "heliograph.ingest.mqtt.tls.private-key=/tls/tls.key",
                        "heliograph.ingest.mqtt.tls.minimum=tls-1-2",
                        "heliograph.ingest.mqtt.tls.client-certificates=required",
                        "heliograph.ingest.mqtt.tls.client-authorities=/tls/ca.crt",
                        "heliograph.ingest.mqtt.web-socket.tls-port=8884",
                        "heliograph.ingest.mqtt.drain.spread=5s",
                        "heliograph.ingest.limits.tenant-bytes-per-second=7",
                        "heliograph.ingest.subscription.broker-uri=tcp://broker:1883")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    KafkaSettings kafka = context.getBean(KafkaSettings.class);
                    assertThat(kafka.bootstrapServers()).isEqualTo("a:1,b:2");
                    assertThat(kafka.minInSyncReplicas()).isEqualTo(2);
                    assertThat(kafka.properties())
                            .containsEntry("security.protocol", "SSL")
                            .containsEntry("ssl.engine.factory.class", RenewingSslEngineFactory.class.getName());
                    assertThat(context.getBean(IngestSettings.class).maxAhead()).isEqualTo(Duration.ofMinutes(1));
                    assertThat(context.getBean(MqttSettings.class).tls().enabled())
                            .isTrue();
                    assertThat(context.getBean(MqttSettings.class).tls().minimum())
                            .isEqualTo(TlsSettings.Version.TLS_1_2);
                    assertThat(context.getBean(MqttSettings.class).tls().clientCertificates())
                            .isEqualTo(TlsSettings.ClientCertificates.REQUIRED);
                    assertThat(context.getBean(MqttSettings.class).webSocket().tlsPort())
                            .isEqualTo(8_884);
                    assertThat(context.getBean(MqttSettings.class).drain().spread())
                            .isEqualTo(Duration.ofSeconds(5));
                    assertThat(context.getBean(LimitSettings.class).tenantBytesPerSecond())
                            .isEqualTo(7);
                    assertThat(context.getBean(SubscriptionSettings.class).brokerUri())
                            .isEqualTo("tcp://broker:1883");
                });
    }

    @Test
    void givenGroupsOfSparkplug_whenBound_thenEachHasItsTenantAndNoneIsTwice() {
        String[] group = {
            "heliograph.ingest.sparkplug.broker-uri=tcp://broker:1883",
            "heliograph.ingest.sparkplug.groups[0].group=Plant A",
            "heliograph.ingest.sparkplug.groups[0].tenant=acme"
        };
        runner.withPropertyValues(group)
                .run(context -> assertThat(
                                context.getBean(SparkplugSettings.class).groups())
                        .containsExactly(new SparkplugSettings.Group("Plant A", "acme")));
        runner.withPropertyValues(group)
                .withPropertyValues(
                        "heliograph.ingest.sparkplug.groups[1].group=Plant A",
                        "heliograph.ingest.sparkplug.groups[1].tenant=umbrella")
                .run(context -> assertThat(context).hasFailed());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "heliograph.kafka.bootstrap-servers=",
                "heliograph.kafka.partitions=0",
                "heliograph.kafka.min-in-sync-replicas=2",
                "heliograph.kafka.delivery-timeout=1s",
                "heliograph.ingest.max-payload-bytes=1",
                "heliograph.ingest.max-in-flight-messages=0",
                "heliograph.ingest.mapping.layouts=nowhere",
                "heliograph.ingest.mapping.tenant=No Id",
                "heliograph.ingest.mapping.zone=Nowhere/Land",
                "heliograph.ingest.mapping.rows[0].topic=",
                "heliograph.ingest.mapping.rows[0].precision=h",
                "heliograph.ingest.mapping.rows[0].names=any",
                "heliograph.ingest.mqtt.port=65536",
                "heliograph.ingest.mqtt.receive-maximum=0",
                "heliograph.ingest.mqtt.tls.enabled=true",
                "heliograph.ingest.mqtt.tls.port=-2",
                "heliograph.ingest.mqtt.max-keep-alive=0s",
                "heliograph.ingest.mqtt.web-socket.tls-port=8884",
                "heliograph.ingest.mqtt.admission.max-pending=0",
                "heliograph.ingest.mqtt.drain.spread=31m",
                "heliograph.ingest.mqtt.drain.connections-per-second=0",
                "heliograph.ingest.limits.device-messages-per-second=-1",
                "heliograph.ingest.limits.burst=1ms",
                "heliograph.ingest.http.acknowledge-timeout=1ms",
                "heliograph.ingest.subscription.session-expiry=24d",
                "heliograph.ingest.subscription.connections=0",
                "heliograph.ingest.sparkplug.broker-uri=tcp://broker:1883",
                "heliograph.ingest.sparkplug.host-id=a/b",
                "heliograph.ingest.sparkplug.max-gap=128",
                "heliograph.ingest.sparkplug.hold-timeout=0s",
                "heliograph.ingest.sparkplug.groups[0].group=Plant",
            })
    void givenASettingOutOfItsBounds_whenBound_thenTheStartIsRefused(String setting) {
        runner.withPropertyValues(setting).run(context -> assertThat(context).hasFailed());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "heliograph.ingest.mqtt.messages-per-second",
                "heliograph.ingest.mqtt.burst",
                "heliograph.ingest.mqtt.drain-timeout",
            })
    void givenASettingOfAFormerVersion_whenStarted_thenItIsRefusedWithItsNewName(String former) {
        MockEnvironment environment = new MockEnvironment().withProperty(former, "1");

        assertThatThrownBy(() -> RemovedSettings.requireNone(environment))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(former)
                .hasMessageContaining("is now heliograph.ingest.");
    }
}
