package dev.heliograph.connections.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaTlsTest {
    private static final String FACTORY = "ssl.engine.factory.class";

    @ParameterizedTest
    @ValueSource(strings = {"SSL", "SASL_SSL", "sasl_ssl"})
    void givenEncryption_whenCompleted_thenOurFactoryIsNamed(String protocol) {
        Map<String, String> completed = KafkaTls.complete(Map.of("security.protocol", protocol));

        assertThat(completed)
                .containsEntry("security.protocol", protocol)
                .containsEntry(FACTORY, RenewingSslEngineFactory.class.getName());
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLAINTEXT", "SASL_PLAINTEXT"})
    void givenNoEncryption_whenCompleted_thenNothingIsAdded(String protocol) {
        Map<String, String> given = Map.of("security.protocol", protocol);

        assertThat(KafkaTls.complete(given)).isEqualTo(given);
    }

    @Test
    void givenAnotherFactory_whenCompleted_thenItStays() {
        Map<String, String> given = Map.of("security.protocol", "SSL", FACTORY, "org.example.Own");

        assertThat(KafkaTls.complete(given)).isEqualTo(given);
    }
}
