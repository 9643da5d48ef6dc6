package dev.heliograph.ingest.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heliograph.ingest.kafka.KafkaSettings;
import dev.heliograph.ingest.kafka.TopicAdministration;
import dev.heliograph.ingest.kafka.WrongTopics;
import dev.heliograph.ingest.kafka.WrongTopicsAnalyzer;
import dev.heliograph.model.wire.Topics;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class TopicAdministrationIT {
    private static final String POLICY = "cleanup.policy";

    @TempDir
    Path directory;

    @Test
    void givenTopicsOtherThanConfigured_whenLookedAt_thenEveryDifferenceIsNamedAndTheMendedOnesAreTaken()
            throws Exception {
        try (EmbeddedKafka kafka = new EmbeddedKafka(directory);
                Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            TopicAdministration three = administration(kafka, "partitions", "3");
            three.ensure();

            assertThatThrownBy(() -> administration(kafka, "partitions", "4").ensure())
                    .isInstanceOf(WrongTopics.class)
                    .hasMessageContaining("readings has 3 partitions instead of 4")
                    .hasMessageContaining("devices has 3 partitions instead of 4");
            configure(admin, "delete,compact");
            assertThatThrownBy(three::ensure)
                    .hasMessage("Kafka topics are not as configured: readings is compacted")
                    .isInstanceOfSatisfying(
                            WrongTopics.class,
                            wrong -> assertThat(wrong.getExitCode()).isEqualTo(78));
            configure(admin, "delete");
            assertThatCode(three::ensure).doesNotThrowAnyException();
        }
    }

    @Test
    void givenWrongTopics_whenTheStartFails_thenTheRunbookIsNamed() {
        IllegalStateException failure = new IllegalStateException("cannot start a bean", wrong());

        assertThat(new WrongTopicsAnalyzer().analyze(failure)).satisfies(analysis -> {
            assertThat(analysis.getDescription()).isEqualTo("readings is compacted");
            assertThat(analysis.getAction()).contains("docs/runbooks/wrong-topics.md");
        });
    }

    private static WrongTopics wrong() {
        return new WrongTopics("readings is compacted");
    }

    private static void configure(Admin admin, String policy) throws Exception {
        admin.incrementalAlterConfigs(Map.of(
                        new ConfigResource(ConfigResource.Type.TOPIC, Topics.READINGS),
                        List.of(new AlterConfigOp(new ConfigEntry(POLICY, policy), AlterConfigOp.OpType.SET))))
                .all()
                .get();
    }

    private static TopicAdministration administration(EmbeddedKafka kafka, String setting, String value) {
        Map<String, String> settings = new HashMap<>();
        settings.put("heliograph.kafka.bootstrap-servers", kafka.bootstrapServers());
        settings.put("heliograph.kafka." + setting, value);
        return new TopicAdministration(new Binder(new MapConfigurationPropertySource(settings))
                .bindOrCreate("heliograph.kafka", KafkaSettings.class));
    }
}
