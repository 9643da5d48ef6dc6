package dev.heliograph.query.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.query.testing.TestApi;
import dev.heliograph.query.testing.TestApi.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The description of the interface is kept in the repository: a change of it is a change that somebody reviews. */
class OpenApiTest {
    private static final Path GOLDEN = Path.of("..", "docs", "api", "openapi.yaml");

    private final TestApi api = TestApi.shared();

    @Test
    void givenCode_whenDescribed_thenItIsWhatTheRepositorySays() throws IOException {
        Answer described = api.send("GET", "/api/openapi.json.yaml", null, null, java.util.Map.of());
        assertThat(described.status()).isEqualTo(200);
        if (Boolean.getBoolean("heliograph.golden.update")) {
            Files.createDirectories(GOLDEN.getParent());
            Files.writeString(GOLDEN, described.body());
        }

        assertThat(described.body())
                .as("regenerate with -Dheliograph.golden.update=true and review the difference")
                .isEqualTo(Files.readString(GOLDEN));
        assertThat(described.body()).startsWith("openapi: 3.1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/openapi.json",
                "/api/docs",
                "/api/docs/index.html",
                "/api/docs/start.js",
                "/api/docs/ui/swagger-ui.css",
                "/api/docs/ui/swagger-ui-bundle.js"
            })
    void givenNobody_whenTheDescriptionIsRead_thenItComesWithAPolicyThatAllowsNoForeignScript(String path) {
        Answer answer = api.send("GET", path, null, null, java.util.Map.of());

        assertThat(answer.status()).as(path).isEqualTo(200);
        assertThat(answer.header("Content-Security-Policy")).contains("script-src 'self'");
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
    }
}
