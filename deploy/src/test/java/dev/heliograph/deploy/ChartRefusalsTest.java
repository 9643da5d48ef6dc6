package dev.heliograph.deploy;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values that the chart refuses, and the words it does it with. */
class ChartRefusalsTest {
    private static final String MINIMAL = "minimal-values.yaml";

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    gateway.replcas=3                             | replcas
                    unknown=1                                     | unknown
                    gateway.replicas=three                        | replicas
                    gateway.replicas=0                            | replicas
                    gateway.resources.memory=lots                 | memory
                    gateway.resources.limits=1                    | limits
                    gateway.mqtt.service.type=Loadbalancer        | type
                    gateway.mqtt.tls.minimum=1.1                  | minimum
                    gateway.mqtt.tls.clientCertificates=some      | clientCertificates
                    gateway.mqtt.drainSeconds=1801                | drainSeconds
                    image.tag=latest                              | tag
                    kafka.bundled.image=apache/kafka:latest       | image
                    query.digest=sha256:abc                       | digest
                    publicUrl=heliograph.example.org              | publicUrl
                    publicUrl=https://heliograph.example.org/     | publicUrl
                    database.external.url=postgresql://db/x       | url
                    kafka.topics.replication=0                    | replication
                    logging.levels.x=LOUD                         | levels
                    """)
    void givenValueThatTheSchemaForbids_whenRendered_thenRefusedByItsName(String setting, String word) {
        assertThatThrownBy(() -> Chart.render(MINIMAL, setting)).hasMessageContaining(word);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    publicUrl=                                    | publicUrl is not set
                    kafka.external.bootstrapServers=              | no Kafka
                    kafka.bundled.enabled=true                    | two Kafkas
                    kafka.topics.minInSyncReplicas=4              | minInSyncReplicas is above
                    database.external.url=                        | no database
                    database.bundled.enabled=true                 | two databases
                    database.external.existingSecret=             | database.external.existingSecret is not set
                    database.external.url=jdbc:postgresql://db/x?user=h&password=y | carries a password
                    kafka.external.certificateSecret=a            | connections to Kafka are not encrypted
                    identity.issuer=                              | no identity provider
                    identity.bundled.enabled=true                 | two identity providers
                    identity.jwkSetUri=                           | identity.jwkSetUri is not set
                    gateway.mqtt.plain=false                      | no MQTT listener
                    gateway.mqtt.tls.clientCertificates=required  | certificates of devices
                    query.databaseRole.create=false               | query.databaseRole.existingSecret is not set
                    migration.enabled=false                       | query.databaseRole.existingSecret is not set
                    gatewayApi.enabled=true                       | parentRefs is empty
                    gateway.autoscaling.maxReplicas=1             | maxReplicas is below
                    query.config.heliograph.database.password=x   | query.config holds a password
                    """)
    void givenValuesThatContradictOrLack_whenRendered_thenRefusedWithWhatToSet(String setting, String words) {
        assertThatThrownBy(() -> Chart.render(MINIMAL, setting)).hasMessageContaining(words);
    }

    @Test
    void givenAuthoritiesOfTheDatabase_whenNoProofIsAskedFor_thenRefused() {
        assertThatThrownBy(() -> Chart.render(
                        MINIMAL,
                        "database.external.authoritiesSecret=a",
                        "database.external.url=jdbc:postgresql://db/x"))
                .hasMessageContaining("asks for no proof");
        assertThatThrownBy(() -> Chart.render(
                        MINIMAL,
                        "database.external.authoritiesSecret=a",
                        "database.external.url=jdbc:postgresql://db/x?sslmode=verify-full&sslrootcert=/b"))
                .hasMessageContaining("two authorities of the database");
    }

    @Test
    void givenSecretInKafkaProperties_whenRendered_thenRefused() {
        assertThatThrownBy(() -> Chart.render(MINIMAL, "kafka.external.properties.sasl\\.jaas\\.config=x"))
                .hasMessageContaining("kafka.external.properties holds a password");
    }
}
