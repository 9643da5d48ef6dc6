package dev.heliograph.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashSet;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Secrets are made up once, kept, and never a placeholder. */
class ChartSecretsTest {
    private static final String BUNDLED = "bundled-values.yaml";

    @AfterEach
    void emptyCluster() {
        FakeCluster.removeSecrets();
    }

    @Test
    void givenEmptyCluster_whenEverythingIsBundled_thenPasswordsAreGeneratedAndAllDiffer() {
        Map<String, String> database = secret("h-heliograph-database");
        Map<String, String> identity = secret("h-heliograph-identity");

        assertThat(database).containsOnlyKeys("username", "password", "admin-password");
        assertThat(database.get("password")).matches("[A-Za-z0-9]{40}").isNotEqualTo(database.get("admin-password"));
        assertThat(identity).containsOnlyKeys("viewer", "operator", "admin", "cli");
        assertThat(new HashSet<>(identity.values())).hasSize(4).allMatch(password -> password.length() == 24);
        assertThat(secret("h-heliograph-query").get("heliograph.query.cursor.key"))
                .hasSizeGreaterThanOrEqualTo(32);
    }

    @Test
    void givenSecretOfAnEarlierRelease_whenUpgraded_thenItIsKept() {
        FakeCluster.putSecret(
                "h-heliograph-database",
                Map.of("username", "heliograph", "password", "p4-kept-Qx", "admin-password", "a9-kept-Zw"));

        Map<String, String> database = secret("h-heliograph-database");

        assertThat(database).containsEntry("password", "p4-kept-Qx").containsEntry("admin-password", "a9-kept-Zw");
    }

    @ParameterizedTest
    @ValueSource(strings = {"changeme", "CHANGE_ME", "password", "postgres", "", "12345678"})
    void givenExistingSecretWithAPlaceholder_whenInstalled_thenRefusedByItsName(String placeholder) {
        FakeCluster.putSecret("heliograph-database", Map.of("username", "heliograph", "password", placeholder));

        assertThatThrownBy(() -> Chart.render("minimal-values.yaml"))
                .hasMessageContaining("key password of secret heliograph-database")
                .hasMessageContaining("placeholder");
    }

    @Test
    void givenExistingSecretWithARandomPassword_whenInstalled_thenTaken() {
        FakeCluster.putSecret("heliograph-database", Map.of("username", "heliograph", "password", "vN3kq8-TzR1x"));

        assertThat(Chart.manifests("minimal-values.yaml")).isNotEmpty();
    }

    private static Map<String, String> secret(String name) {
        Map<String, String> data = Manifest.strings(ChartTest.byId(Chart.manifests(BUNDLED), "Secret/" + name)
                .node()
                .at("data"));
        data.replaceAll((key, value) -> new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8));
        return data;
    }
}
