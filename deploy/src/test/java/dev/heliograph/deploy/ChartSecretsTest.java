package dev.heliograph.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
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

    @Test
    void givenReplaySecretOfAnEarlierRelease_whenUpgraded_thenItIsKept() {
        FakeCluster.putSecret("h-heliograph-replay", Map.of("secret", "r7-kept-since-the-first-install"));

        assertThat(secret("h-heliograph-replay"))
                .containsExactly(Map.entry("secret", "r7-kept-since-the-first-install"));
    }

    @Test
    void givenBothEndsOfAReplay_whenRendered_thenTheyReadOneSecretAndTheApiKnowsTheGateway() {
        List<Manifest> manifests = Chart.manifests(BUNDLED);

        assertThat(secret("h-heliograph-replay").get("secret")).hasSizeGreaterThanOrEqualTo(32);
        assertThat(replaySecretOf(manifests, "gateway"))
                .containsExactly(Map.entry("heliograph.ingest.replay.secret", "h-heliograph-replay/secret"));
        assertThat(replaySecretOf(manifests, "query"))
                .containsExactly(Map.entry("heliograph.query.replay.secret", "h-heliograph-replay/secret"));
        YamlNode api = document(manifests, "query");
        assertThat(api.at("heliograph", "query", "replay", "gateway-url").text())
                .isEqualTo("http://h-heliograph-gateway:8081");
        assertThat(ChartTest.byId(manifests, "Service/h-heliograph-gateway")
                        .node()
                        .at("spec", "ports")
                        .scalars())
                .contains("8081");
        // Nothing else turns the files into settings.
        for (String service : List.of("gateway", "query")) {
            assertThat(document(manifests, service)
                            .at("spring", "config", "import")
                            .text())
                    .isEqualTo("configtree:/etc/heliograph/secrets/");
        }
    }

    @Test
    void givenAReplaySecretOfOnesOwn_whenRendered_thenBothEndsReadItAndNoneIsMade() {
        List<Manifest> manifests = Chart.manifests(BUNDLED, "gateway.replaySecret=mine");

        assertThat(replaySecretOf(manifests, "gateway").values()).containsExactly("mine/secret");
        assertThat(replaySecretOf(manifests, "query").values()).containsExactly("mine/secret");
        assertThat(ChartTest.ofKind(manifests, "Secret"))
                .extracting(Manifest::name)
                .isNotEmpty()
                .doesNotContain("h-heliograph-replay");
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

    /** Where a pod finds the secret of replays: secret and key, by the property that they become. */
    private static Map<String, String> replaySecretOf(List<Manifest> manifests, String component) {
        return ChartTest.byId(manifests, "Deployment/h-heliograph-" + component).pod().at("volumes").items().stream()
                .flatMap(volume -> volume.at("projected", "sources").items().stream())
                .map(source -> source.at("secret"))
                .flatMap(secret -> secret.at("items").items().stream()
                        .map(item -> Map.entry(
                                item.at("path").text(),
                                secret.at("name").text() + "/" + item.at("key").text())))
                .filter(item -> item.getKey().contains(".replay."))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static YamlNode document(List<Manifest> manifests, String service) {
        return YamlNode.document(ChartTest.byId(manifests, "ConfigMap/h-heliograph-" + service)
                .node()
                .at("data", "service.yaml")
                .text());
    }
}
