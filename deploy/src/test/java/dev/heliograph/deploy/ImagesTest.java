package dev.heliograph.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules that the Dockerfiles keep; no container engine is needed to read them. */
class ImagesTest {
    private static final Set<String> IMAGES = Set.of(
            "ingest-gateway",
            "stream-processor",
            "query-api",
            "storage-migration",
            "identity-provider",
            "device-simulator",
            "dashboard-web");

    /** A build stage: its base, its name and its instructions. */
    private record Stage(String base, String name, List<String> instructions) {
        boolean has(String instruction) {
            return instructions.stream().anyMatch(line -> line.startsWith(instruction + " "));
        }

        String last(String instruction) {
            return instructions.stream()
                    .filter(line -> line.startsWith(instruction + " "))
                    .reduce("", (before, line) -> line.substring(instruction.length() + 1));
        }
    }

    @Test
    void givenDockerfiles_whenRead_thenEveryImageHasATarget() {
        Set<String> targets = new TreeSet<>();
        targets.addAll(finals("services.Dockerfile").stream().map(Stage::name).toList());
        targets.addAll(
                finals("dashboard-web.Dockerfile").stream().map(Stage::name).toList());

        assertThat(targets).isEqualTo(new TreeSet<>(IMAGES));
        String bake = Tree.read("images/docker-bake.hcl");
        assertThat(IMAGES).allSatisfy(image -> assertThat(bake).contains('"' + image + '"'));
    }

    @ParameterizedTest
    @ValueSource(strings = {"services.Dockerfile", "dashboard-web.Dockerfile"})
    void givenImages_whenRead_thenTheyRunAsANumberThatIsNotRootAndWithoutAShell(String dockerfile) {
        assertThat(finals(dockerfile)).isNotEmpty().allSatisfy(stage -> {
            assertThat(stage.last("USER")).as(stage.name()).matches("[1-9][0-9]*:[1-9][0-9]*");
            assertThat(stage.last("ENTRYPOINT"))
                    .as(stage.name())
                    .matches("\\[\".*\"]")
                    .doesNotContain("\"sh\"");
            assertThat(stage.has("CMD")).as(stage.name()).isFalse();
            assertThat(stage.has("ADD")).as(stage.name()).isFalse();
            assertThat(stage.last("LABEL"))
                    .as(stage.name())
                    .contains("org.opencontainers.image.licenses=\"Apache-2.0\"");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"services.Dockerfile", "dashboard-web.Dockerfile"})
    void givenBaseImages_whenRead_thenEachIsAnArgumentWithAFullVersion(String dockerfile) {
        List<String> arguments = Tree.read("images/" + dockerfile)
                .lines()
                .filter(line -> line.matches("ARG [A-Z]+_IMAGE=.*"))
                .map(line -> line.substring(line.indexOf('=') + 1))
                .toList();

        assertThat(arguments)
                .hasSize(2)
                .allSatisfy(image -> assertThat(image)
                        .matches("[a-z0-9./-]+:[0-9]+\\.[0-9]+\\.[0-9]+[A-Za-z0-9._-]*(@sha256:[a-f0-9]{64})?"));
        Set<String> names = stages(dockerfile).stream().map(Stage::name).collect(Collectors.toSet());
        assertThat(stages(dockerfile))
                .allSatisfy(stage -> assertThat(stage.base().startsWith("${") || names.contains(stage.base()))
                        .as(stage.base())
                        .isTrue());
    }

    @Test
    void givenTrainedImages_whenRead_thenTrainingAndServiceRunTheSameJarFromTheSamePlace() {
        List<Stage> stages = stages("services.Dockerfile");
        for (String service : List.of("ingest-gateway", "stream-processor", "query-api")) {
            Stage training = byName(stages, service + "-training");
            Stage image = byName(stages, service);

            assertThat(training.base()).isEqualTo(image.base()).isEqualTo(service + "-application");
            assertThat(training.last("RUN"))
                    .isEqualTo(
                            "[\"java\", \"-XX:AOTCacheOutput=application.aot\", \"-Dspring.context.exit=onRefresh\", \"-jar\", \""
                                    + service + ".jar\"]");
            assertThat(image.last("ENTRYPOINT"))
                    .isEqualTo("[\"java\", \"-XX:AOTCache=application.aot\", \"-jar\", \"" + service + ".jar\"]");
        }
    }

    @Test
    void givenBundledBroker_whenItsVersionIsRead_thenItIsTheClientLibrarys() throws IOException {
        var versions = new Properties();
        try (var in = ImagesTest.class.getResourceAsStream("/versions.properties")) {
            versions.load(in);
        }

        String image = YamlNode.document(Tree.read(Chart.DIRECTORY.resolve("values.yaml")))
                .at("kafka", "bundled", "image")
                .text();

        assertThat(image).isEqualTo("apache/kafka:" + versions.getProperty("kafka"));
    }

    @Test
    void givenWebServer_whenRead_thenItsPolicyAllowsNothingInline() {
        String configuration = Tree.read("images/web/nginx.conf");

        assertThat(configuration)
                .contains(
                        "default-src 'self'",
                        "script-src 'self'",
                        "object-src 'none'",
                        "frame-ancestors 'none'",
                        "base-uri 'none'")
                .doesNotContain("unsafe-inline", "unsafe-eval");
        // An add_header in a location would silently drop the ones of the server.
        long inLocations = Pattern.compile("location [^{]*\\{[^}]*add_header")
                .matcher(configuration)
                .results()
                .count();
        assertThat(inLocations).isZero();
    }

    private static Stage byName(List<Stage> stages, String name) {
        return stages.stream()
                .filter(stage -> stage.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** The stages that are images: those with an entry point. */
    private static List<Stage> finals(String dockerfile) {
        return stages(dockerfile).stream()
                .filter(stage -> stage.has("ENTRYPOINT"))
                .toList();
    }

    private static List<Stage> stages(String dockerfile) {
        List<Stage> stages = new ArrayList<>();
        String joined = Tree.read("images/" + dockerfile)
                .replaceAll("(?m)^\\s*#.*\\R", "")
                .replaceAll("\\\\\\R\\s*", "");
        for (String line : joined.lines().toList()) {
            if (line.startsWith("FROM ")) {
                String[] words = line.split("\\s+");
                stages.add(new Stage(words[1], words[3], new ArrayList<>()));
            } else if (!stages.isEmpty() && !line.isBlank()) {
                stages.getLast().instructions().add(line.strip());
            }
        }
        return stages;
    }
}
