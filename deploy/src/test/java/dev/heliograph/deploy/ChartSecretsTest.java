package dev.heliograph.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
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
    @ValueSource(strings = {BUNDLED, "minimal-values.yaml", "external-values.yaml"})
    void givenNothingSaidOfRoles_whenRendered_thenTheApiEntersBehindTheWallAndTheJobMakesItsRole(String values) {
        List<Manifest> manifests = Chart.manifests(values);

        assertThat(document(manifests, "query")
                        .at("heliograph", "database", "username")
                        .text())
                .isEqualTo("heliograph_query");
        Manifest api = ChartTest.byId(manifests, "Deployment/h-heliograph-query");
        assertThat(projected(api))
                .containsEntry("heliograph.database.password", "h-heliograph-query-database/password");
        assertThat(api.pod().scalars()).doesNotContain("h-heliograph-database", "heliograph-database");
        Map<String, String> job = environment(job(manifests));
        assertThat(job).containsEntry("HELIOGRAPH_DATABASE_QUERY_PASSWORD", "h-heliograph-query-database/password");
        String admin = switch (values) {
            case BUNDLED -> "h-heliograph-database/admin-password";
            case "external-values.yaml" -> "heliograph-role-maker/password";
            default -> null;
        };
        assertThat(job.get("HELIOGRAPH_DATABASE_ADMIN_PASSWORD")).isEqualTo(admin);
        assertThat(job.containsKey("HELIOGRAPH_DATABASE_ADMIN_USERNAME")).isEqualTo(admin != null);
    }

    @Test
    void givenPasswordOfAnEarlierRelease_whenUpgraded_thenTheRoleKeepsIt() {
        assertThat(secret("h-heliograph-query-database").get("password")).matches("[A-Za-z0-9]{40}");
        FakeCluster.putSecret("h-heliograph-query-database", Map.of("password", "q5-kept-since-the-first-install"));

        assertThat(secret("h-heliograph-query-database"))
                .containsExactly(Map.entry("password", "q5-kept-since-the-first-install"));
    }

    @Test
    void givenARoleOfOnesOwn_whenRendered_thenTheApiEntersByItAndNobodyMakesIt() {
        List<Manifest> manifests =
                Chart.manifests(BUNDLED, "query.databaseRole.create=false", "query.databaseRole.existingSecret=mine");

        assertThat(projected(ChartTest.byId(manifests, "Deployment/h-heliograph-query")))
                .containsEntry("heliograph.database.password", "mine/password");
        assertThat(environment(job(manifests)).keySet())
                .noneMatch(name -> name.contains("QUERY") || name.contains("ADMIN"));
        assertThat(ChartTest.ofKind(manifests, "Secret"))
                .extracting(Manifest::name)
                .isNotEmpty()
                .doesNotContain("h-heliograph-query-database");
    }

    @Test
    void givenNoRoleOfItsOwn_whenRendered_thenTheApiEntersAsTheWriterDoes() {
        List<Manifest> manifests = Chart.manifests(BUNDLED, "query.databaseRole.enabled=false");

        assertThat(projected(ChartTest.byId(manifests, "Deployment/h-heliograph-query")))
                .containsEntry("heliograph.database.username", "h-heliograph-database/username")
                .containsEntry("heliograph.database.password", "h-heliograph-database/password");
        assertThat(document(manifests, "query")
                        .at("heliograph", "database", "username")
                        .present())
                .isFalse();
        assertThat(environment(job(manifests)).keySet())
                .noneMatch(name -> name.contains("QUERY") || name.contains("ADMIN"));
    }

    private static Manifest job(List<Manifest> manifests) {
        return ChartTest.ofKind(manifests, "Job").getFirst();
    }

    /** Where the variables of a job come from: secret and key, or the value itself. */
    private static Map<String, String> environment(Manifest job) {
        return job.containers().getFirst().at("env").items().stream()
                .collect(Collectors.toMap(variable -> variable.at("name").text(), variable -> {
                    YamlNode secret = variable.at("valueFrom", "secretKeyRef");
                    return secret.present()
                            ? secret.at("name").text() + "/" + secret.at("key").text()
                            : variable.at("value").text();
                }));
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
        Map<String, String> all =
                new HashMap<>(projected(ChartTest.byId(manifests, "Deployment/h-heliograph-" + component)));
        all.keySet().removeIf(property -> !property.contains(".replay."));
        return all;
    }

    /** Where a pod finds single secrets: secret and key, by the property that they become. */
    private static Map<String, String> projected(Manifest workload) {
        return workload.pod().at("volumes").items().stream()
                .flatMap(volume -> volume.at("projected", "sources").items().stream())
                .map(source -> source.at("secret"))
                .flatMap(secret -> secret.at("items").items().stream()
                        .map(item -> Map.entry(
                                item.at("path").text(),
                                secret.at("name").text() + "/" + item.at("key").text())))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static YamlNode document(List<Manifest> manifests, String service) {
        return YamlNode.document(ChartTest.byId(manifests, "ConfigMap/h-heliograph-" + service)
                .node()
                .at("data", "service.yaml")
                .text());
    }
}
