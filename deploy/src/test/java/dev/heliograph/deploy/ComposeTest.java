package dev.heliograph.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The Compose file, read without an engine. */
class ComposeTest {
    private final YamlNode compose = YamlNode.document(Tree.read("compose/compose.yaml"));
    private final Map<String, @Nullable Object> services =
            compose.at("services").map();

    @Test
    void givenServices_whenRead_thenEachIsHardenedAndBounded() {
        assertThat(services.keySet()).allSatisfy(name -> {
            YamlNode service = service(name);
            assertThat(service.at("read_only").value()).as(name).isEqualTo(true);
            assertThat(service.at("cap_drop").texts()).as(name).containsExactly("ALL");
            assertThat(service.at("security_opt").texts()).as(name).contains("no-new-privileges:true");
            assertThat(service.at("deploy", "resources", "limits", "memory").text())
                    .as(name)
                    .matches("[0-9]+[mg]");
            assertThat(service.at("image").text())
                    .as(name)
                    .matches(".+:[0-9]+\\.[0-9]+\\.[0-9]+.*")
                    .doesNotContain("latest");
            assertThat(service.at("privileged").present()).as(name).isFalse();
        });
    }

    @Test
    void givenServicesThatStay_whenRead_thenEachHasAHealthCheck() {
        assertThat(services.keySet().stream()
                        .filter(name -> !Set.of("migration", "simulator").contains(name)))
                .hasSize(8)
                .allSatisfy(name -> {
                    YamlNode test = service(name).at("healthcheck", "test");
                    assertThat(test.texts()).as(name).hasSizeGreaterThan(1);
                    // /bin/sh of the Java images knows no /dev/tcp.
                    assertThat(test.texts().getFirst()).as(name).isEqualTo("CMD");
                });
    }

    @Test
    void givenDependencies_whenRead_thenEachExistsAndIsWaitedFor() {
        assertThat(services.keySet())
                .allSatisfy(name -> service(name).at("depends_on").map().forEach((other, condition) -> {
                    assertThat(services).as(name).containsKey(other);
                    String expected = other.equals("migration") ? "service_completed_successfully" : "service_healthy";
                    assertThat(new YamlNode(condition).at("condition").text())
                            .as(name + " on " + other)
                            .isEqualTo(expected);
                }));
    }

    @Test
    void givenPublishedPorts_whenRead_thenTheyAreOpenOnThisMachineOnly() {
        assertThat(services.keySet().stream().flatMap(name -> service(name).at("ports").texts().stream()))
                .containsExactlyInAnyOrder("127.0.0.1:1883:1883", "127.0.0.1:8080:8080");
    }

    @Test
    void givenSecrets_whenRead_thenTheyAreFilesThatPrepareMakesAndNobodyCommits() {
        Set<String> declared = compose.at("secrets").map().keySet();
        Set<String> used = services.keySet().stream()
                .flatMap(name -> service(name).at("secrets").items().stream())
                .map(secret ->
                        secret.at("source").present() ? secret.at("source").text() : secret.text())
                .collect(Collectors.toSet());
        String prepare = Tree.read("compose/prepare");

        assertThat(used).isEqualTo(declared);
        assertThat(declared).allSatisfy(name -> {
            assertThat(compose.at("secrets", name, "file").text()).isEqualTo("./secrets/" + name);
            assertThat(prepare).containsPattern("for name in [a-z -]*\\b" + name + "\\b");
        });
        assertThat(Tree.read("compose/.gitignore").lines()).contains("secrets/");
    }

    @Test
    void givenReplays_whenRead_thenGatewayAndApiReadOneSecretAndTheApiKnowsTheGateway() {
        assertThat(configurationOf("ingest-gateway")).containsEntry("heliograph.ingest.replay.secret", "replay-secret");
        assertThat(configurationOf("query-api")).containsEntry("heliograph.query.replay.secret", "replay-secret");
        assertThat(service("query-api")
                        .at("environment", "HELIOGRAPH_QUERY_REPLAY_GATEWAYURL")
                        .text())
                .isEqualTo("http://ingest-gateway:8081");
    }

    @Test
    void givenSecretsThatBecomeSettings_whenRead_thenTheServiceImportsTheirDirectory() {
        assertThat(services.keySet().stream()
                        .filter(name -> !configurationOf(name).isEmpty()))
                .containsExactlyInAnyOrder("ingest-gateway", "stream-processor", "query-api")
                .allSatisfy(name -> assertThat(service(name)
                                .at("environment", "SPRING_CONFIG_IMPORT")
                                .text())
                        .as(name)
                        .isEqualTo("configtree:/run/configuration/"));
    }

    @Test
    void givenEnvironments_whenRead_thenNoneHoldsAPassword() {
        assertThat(services.keySet())
                .allSatisfy(name -> service(name).at("environment").map().forEach((key, value) -> {
                    boolean secret = key.contains("PASSWORD") || key.contains("SECRET") || key.contains("KEY");
                    assertThat(!secret || key.endsWith("_FILE"))
                            .as(name + " " + key)
                            .isTrue();
                }));
    }

    @Test
    void givenThirdPartyImages_whenRead_thenTheyAreTheChartsAndTheDockerfiles() {
        YamlNode values = YamlNode.document(Tree.read(Chart.DIRECTORY.resolve("values.yaml")));

        assertThat(service("kafka").at("image").text())
                .isEqualTo(values.at("kafka", "bundled", "image").text());
        assertThat(service("database").at("image").text())
                .isEqualTo(values.at("database", "bundled", "image").text());
        assertThat(Tree.read("images/dashboard-web.Dockerfile"))
                .contains("RUNTIME_IMAGE=" + service("front-door").at("image").text());
    }

    @Test
    void givenBuilds_whenRead_thenTheirFilesAndTargetsExist() {
        assertThat(services.keySet().stream()
                        .map(this::service)
                        .filter(service -> service.at("build").present()))
                .hasSize(7)
                .allSatisfy(service -> {
                    String dockerfile = service.at("build", "dockerfile").text();
                    String image = service.at("image").text().replaceAll(".*/|:.*", "");
                    assertThat(Tree.read(Tree.path("..").resolve(dockerfile))).contains(" AS " + image + "\n");
                    assertThat(service.at("build", "target").text()).isIn("", image);
                });
    }

    @Test
    void givenMountedFiles_whenRead_thenTheyExist() {
        assertThat(services.keySet().stream()
                        .flatMap(name -> service(name).at("volumes").texts().stream())
                        .filter(volume -> volume.startsWith("./")))
                .hasSize(4)
                .allSatisfy(volume -> assertThat(Tree.path("compose/" + volume.substring(2, volume.indexOf(':'))))
                        .exists());
    }

    @Test
    void givenFrontDoor_whenRead_thenItsRoutesAreThoseOfTheIngress() {
        String configuration = Tree.read("compose/front-door.conf");
        var ingress = ChartTest.ofKind(Chart.manifests("bundled-values.yaml"), "Ingress")
                .getFirst();

        assertThat(ingress.node()
                        .at("spec", "rules")
                        .items()
                        .getFirst()
                        .at("http", "paths")
                        .items())
                .hasSize(4)
                .allSatisfy(path -> {
                    String prefix = path.at("path").text();
                    boolean exact = path.at("pathType").text().equals("Exact");
                    String location = exact ? "= " + prefix : prefix.endsWith("/") ? prefix : prefix + "/";
                    assertThat(configuration).contains("location " + location + " {");
                });
        assertThat(configuration).contains("proxy_buffering off;");
    }

    /** The secrets that a service reads as settings, by property. */
    private Map<String, String> configurationOf(String name) {
        String directory = "/run/configuration/";
        return service(name).at("secrets").items().stream()
                .filter(secret -> secret.at("target").text().startsWith(directory))
                .collect(Collectors.toMap(
                        secret -> secret.at("target").text().substring(directory.length()),
                        secret -> secret.at("source").text()));
    }

    private YamlNode service(String name) {
        return new YamlNode(services.get(name));
    }
}
