package dev.heliograph.ingest.funnel;

import static dev.heliograph.ingest.funnel.FunnelFixture.corpus;
import static dev.heliograph.ingest.funnel.FunnelFixture.pass;
import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The published schema and the parser accept the same documents; what only a clock or a registry can know stands apart. */
class ReadingSchemaContractTest {
    private static final JsonMapper STRICT_JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final Schema SCHEMA = schema();

    static Stream<String> accepted() {
        return corpus("accepted.txt").stream();
    }

    static Stream<String[]> refused() {
        return corpus("refused.txt").stream().map(line -> line.split("\t", 2));
    }

    static Stream<String[]> beyondSchema() {
        return corpus("beyond-schema.txt").stream().map(line -> line.split("\t", 2));
    }

    @ParameterizedTest
    @MethodSource("accepted")
    void givenAGoodDocument_whenAsked_thenParserAndSchemaAccept(String document) {
        assertThat(pass(document).refusals()).isEmpty();
        assertThat(schemaAccepts(document)).isTrue();
    }

    @ParameterizedTest
    @MethodSource("refused")
    void givenABadDocument_whenAsked_thenParserAndSchemaRefuse(String reason, String document) {
        assertThat(pass(document).refusals()).extracting(Refusal::reason).contains(Reason.valueOf(reason));
        assertThat(schemaAccepts(document)).isFalse();
    }

    @ParameterizedTest
    @MethodSource("beyondSchema")
    void givenWhatNoSchemaCanKnow_whenAsked_thenOnlyTheParserRefuses(String reason, String document) {
        assertThat(pass(document).refusals()).extracting(Refusal::reason).containsExactly(Reason.valueOf(reason));
        assertThat(schemaAccepts(document)).isTrue();
    }

    private static boolean schemaAccepts(String document) {
        try {
            JsonNode tree = STRICT_JSON.readTree(document);
            return !tree.isMissingNode()
                    && SCHEMA.validate(
                                    tree,
                                    context -> context.executionConfig(config -> config.formatAssertionsEnabled(true)))
                            .isEmpty();
        } catch (JacksonException notJson) {
            return false;
        }
    }

    private static Schema schema() {
        try {
            String text = Files.readString(Path.of("..", "docs", "api", "reading.schema.json"));
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(text);
        } catch (IOException unreadable) {
            throw new java.io.UncheckedIOException(unreadable);
        }
    }
}
