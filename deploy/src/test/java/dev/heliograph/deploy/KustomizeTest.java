package dev.heliograph.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The manifests in k8s/ are the chart's, complete, and the overlay fits them. */
class KustomizeTest {
    private static final String BASE = "k8s/base";
    private static final String OVERLAY = "k8s/overlays/evaluation";

    private final YamlNode overlay = YamlNode.document(Tree.read(OVERLAY + "/kustomization.yaml"));

    @Test
    void givenChart_whenBaseIsRendered_thenItIsTheCommittedOne() {
        Map<String, String> rendered = KustomizeBase.render();

        if (Tree.UPDATE)
            rendered.forEach((file, content) -> Tree.write(Tree.path(BASE).resolve(file), content));
        assertThat(Tree.filesIn(BASE))
                .extracting(file -> file.getFileName().toString())
                .containsExactlyInAnyOrderElementsOf(rendered.keySet());
        rendered.forEach((file, content) ->
                assertThat(Tree.read(BASE + "/" + file)).as(file).isEqualTo(content));
    }

    @Test
    void givenBase_whenRead_thenNothingInItIsHelms() {
        assertThat(base())
                .hasSizeGreaterThan(30)
                .allSatisfy(manifest -> assertThat(manifest.node().toString())
                        .as(manifest.id())
                        .doesNotContain("helm.sh")
                        .doesNotContain("=Helm"));
        assertThat(base()).extracting(Manifest::id).doesNotHaveDuplicates();
        assertThat(base()).extracting(Manifest::kind).doesNotContain("Secret");
    }

    @Test
    void givenSecretsThatTheBaseNames_whenOverlayIsRead_thenItMakesEachWithItsKeys() {
        Map<String, Set<String>> made = overlay.at("secretGenerator").items().stream()
                .collect(Collectors.toMap(
                        generator -> generator.at("name").text(),
                        generator -> generator.at("files").texts().stream()
                                .map(file -> file.substring(0, file.indexOf('=')))
                                .collect(Collectors.toSet())));

        assertThat(made)
                .containsOnlyKeys(
                        "heliograph-database",
                        "heliograph-query-database",
                        "heliograph-cursor",
                        "heliograph-replay",
                        "heliograph-identity");
        assertThat(made.get("heliograph-database")).containsExactlyInAnyOrder("username", "password", "admin-password");
        assertThat(made.keySet()).isEqualTo(secretsNamedIn(base()));
        String prepare = Tree.read(OVERLAY + "/prepare");
        assertThat(overlay.at("secretGenerator").items().stream()
                        .flatMap(generator -> generator.at("files").texts().stream()))
                .allSatisfy(file -> assertThat(prepare).contains(file.substring(file.lastIndexOf('/') + 1)));
    }

    @Test
    void givenOverlay_whenRead_thenItsResourcesExistAndItsPatchesHaveATarget() {
        assertThat(overlay.at("resources").texts())
                .allSatisfy(resource ->
                        assertThat(Tree.path(OVERLAY + "/" + resource)).exists());
        Set<String> ids = base().stream().map(Manifest::id).collect(Collectors.toSet());
        assertThat(overlay.at("patches").items()).isNotEmpty().allSatisfy(patch -> {
            String file = OVERLAY + "/" + patch.at("path").text();
            assertThat(Manifest.parse(Tree.read(file)))
                    .allSatisfy(target -> assertThat(ids).contains(target.id()));
        });
    }

    @Test
    void givenImagesOfTheOverlay_whenRead_thenTheyAreThePlatformsOwn() {
        Set<String> own = base().stream()
                .flatMap(manifest -> manifest.containers().stream())
                .map(container -> container.at("image").text().replaceAll(":[^:/]*$", ""))
                .filter(image -> image.startsWith("localhost/heliograph/"))
                .collect(Collectors.toSet());

        assertThat(overlay.at("images").items().stream()
                        .map(image -> image.at("name").text()))
                .containsExactlyInAnyOrderElementsOf(own);
    }

    @Test
    void givenKubectl_whenOverlayIsBuilt_thenItHoldsEveryObject(@TempDir Path directory) throws IOException {
        Path kubectl = Command.find("kubectl");
        assumeTrue(kubectl != null, "kubectl is not installed: the overlay was not built");
        copy(Tree.path("k8s"), directory);
        Path secrets = Files.createDirectories(directory.resolve("overlays/evaluation/secrets"));
        for (String name : List.of(
                "database-username",
                "database-password",
                "database-admin",
                "query-database-password",
                "cursor-key",
                "replay-secret",
                "viewer",
                "operator",
                "admin",
                "cli")) {
            Files.writeString(secrets.resolve(name), "for-this-test-only");
        }

        String built = Command.run(directory, kubectl.toString(), "kustomize", "overlays/evaluation");

        List<Manifest> manifests = Manifest.parse(built);
        assertThat(manifests).hasSize(base().size() + 6); // a namespace and five secrets
        assertThat(manifests.stream().filter(manifest -> !manifest.kind().equals("Namespace")))
                .allSatisfy(manifest -> assertThat(
                                manifest.node().at("metadata", "namespace").text())
                        .isEqualTo("heliograph"));
        assertThat(ChartTest.byId(manifests, "Service/heliograph-mqtt")
                        .node()
                        .at("spec", "type")
                        .text())
                .isEqualTo("NodePort");
    }

    private static List<Manifest> base() {
        return Tree.filesIn(BASE).stream()
                .filter(file -> !file.endsWith("kustomization.yaml"))
                .flatMap(file -> Manifest.parse(Tree.read(file)).stream())
                .toList();
    }

    private static Set<String> secretsNamedIn(List<Manifest> manifests) {
        return manifests.stream()
                .filter(Manifest::runsPods)
                .flatMap(manifest -> Stream.concat(
                        manifest.pod().at("volumes").items().stream().flatMap(KustomizeTest::secretsOf),
                        manifest.containers().stream()
                                .flatMap(container -> container.at("env").items().stream())
                                .map(variable -> variable.at("valueFrom", "secretKeyRef", "name")
                                        .text())))
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toSet());
    }

    private static Stream<String> secretsOf(YamlNode volume) {
        return Stream.concat(
                Stream.of(volume.at("secret", "secretName").text()),
                volume.at("projected", "sources").items().stream()
                        .map(source -> source.at("secret", "name").text()));
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file :
                    files.filter(path -> !path.toString().contains("/secrets")).toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) Files.createDirectories(target);
                else Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }
}
