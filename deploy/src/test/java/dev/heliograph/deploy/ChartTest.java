package dev.heliograph.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.marcnuri.helm.Helm;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every object that the chart renders is held to, for each of the values files. */
class ChartTest {
    private static final String BUNDLED = "bundled-values.yaml";
    private static final String EXTERNAL = "external-values.yaml";
    private static final String MINIMAL = "minimal-values.yaml";

    @Test
    void givenChart_whenLintedStrictly_thenNothingIsFound() {
        var result = new Helm(Chart.DIRECTORY).lint().strict().call();

        assertThat(result.isFailed()).as("%s", result.getMessages()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {BUNDLED, EXTERNAL, MINIMAL})
    void givenValues_whenRendered_thenEveryObjectIsNamedOnceAndLabelled(String values) {
        String rendered = Chart.render(values);
        Tree.write(Tree.path("target/rendered/" + values), rendered);

        List<Manifest> manifests = Manifest.parse(rendered);

        assertThat(manifests).extracting(Manifest::id).doesNotHaveDuplicates().allMatch(id -> id.length() < 80);
        assertThat(manifests).allSatisfy(manifest -> {
            assertThat(manifest.node().at("apiVersion").text())
                    .as(manifest.id())
                    .isNotEmpty();
            assertThat(manifest.name())
                    .as(manifest.id())
                    .startsWith("h-heliograph")
                    .hasSizeLessThan(64);
            assertThat(manifest.node().at("metadata", "labels").map())
                    .as(manifest.id())
                    .containsKeys(
                            "app.kubernetes.io/name", "app.kubernetes.io/instance", "app.kubernetes.io/managed-by");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {BUNDLED, EXTERNAL, MINIMAL})
    void givenPods_whenRendered_thenTheyFitTheRestrictedProfile(String values) {
        assertThat(workloads(values)).hasSizeGreaterThanOrEqualTo(5).allSatisfy(workload -> {
            YamlNode pod = workload.pod();
            assertThat(pod.at("automountServiceAccountToken").value())
                    .as(workload.id())
                    .isEqualTo(false);
            assertThat(pod.at("securityContext", "runAsNonRoot").value())
                    .as(workload.id())
                    .isEqualTo(true);
            assertThat(pod.at("securityContext", "seccompProfile", "type").text())
                    .as(workload.id())
                    .isEqualTo("RuntimeDefault");
            assertThat(pod.map()).as(workload.id()).doesNotContainKeys("hostNetwork", "hostPID", "hostIPC");
            assertThat(pod.at("volumes").items())
                    .as(workload.id())
                    .noneMatch(volume -> volume.at("hostPath").present());
        });
        assertThat(workloads(values))
                .allSatisfy(workload -> assertThat(workload.containers()).allSatisfy(container -> {
                    YamlNode security = container.at("securityContext");
                    assertThat(security.at("allowPrivilegeEscalation").value())
                            .as(workload.id())
                            .isEqualTo(false);
                    assertThat(security.at("readOnlyRootFilesystem").value())
                            .as(workload.id())
                            .isEqualTo(true);
                    assertThat(security.at("capabilities", "drop").texts())
                            .as(workload.id())
                            .containsExactly("ALL");
                    assertThat(container.at("ports").items())
                            .as(workload.id())
                            .noneMatch(port -> port.at("hostPort").present());
                }));
    }

    @ParameterizedTest
    @ValueSource(strings = {BUNDLED, EXTERNAL, MINIMAL})
    void givenContainers_whenRendered_thenMemoryIsRequestAndLimitAndCpuIsRequested(String values) {
        assertThat(workloads(values))
                .allSatisfy(workload -> assertThat(workload.containers()).allSatisfy(container -> {
                    YamlNode resources = container.at("resources");
                    assertThat(resources.at("requests", "memory").text())
                            .as(workload.id())
                            .isNotEmpty()
                            .isEqualTo(resources.at("limits", "memory").text());
                    assertThat(resources.at("requests", "cpu").text())
                            .as(workload.id())
                            .isNotEmpty();
                }));
    }

    @ParameterizedTest
    @ValueSource(strings = {BUNDLED, EXTERNAL, MINIMAL})
    void givenContainers_whenRendered_thenImagesHaveATagThatIsNotLatest(String values) {
        assertThat(workloads(values))
                .allSatisfy(workload -> assertThat(workload.containers())
                        .allSatisfy(
                                container -> assertThat(container.at("image").text())
                                        .as(workload.id())
                                        .matches("[a-z0-9./-]+(:[A-Za-z0-9._-]+|@sha256:[a-f0-9]{64})")
                                        .doesNotContain("latest")
                                        .doesNotContain("bitnami")));
    }

    @ParameterizedTest
    @ValueSource(strings = {BUNDLED, EXTERNAL, MINIMAL})
    void givenServersThatStay_whenRendered_thenTheyHaveThreeProbesOnPortsTheyOpen(String values) {
        assertThat(workloads(values).stream().filter(ChartTest::stays))
                .allSatisfy(workload -> assertThat(
                                workload.pod().at("containers").items())
                        .allSatisfy(container -> {
                            Set<String> open = container.at("ports").items().stream()
                                    .map(port -> port.at("name").text())
                                    .collect(Collectors.toSet());
                            for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
                                assertThat(container.at(probe).present())
                                        .as(workload.id() + " " + probe)
                                        .isTrue();
                                String port =
                                        container.at(probe, "httpGet", "port").text()
                                                + container
                                                        .at(probe, "tcpSocket", "port")
                                                        .text();
                                assertThat(port.isEmpty() || open.contains(port))
                                        .as(workload.id() + " " + probe)
                                        .isTrue();
                            }
                        }));
    }

    @ParameterizedTest
    @ValueSource(strings = {BUNDLED, EXTERNAL, MINIMAL})
    void givenMounts_whenRendered_thenEachVolumeIsMountedAndEachMountHasItsVolume(String values) {
        assertThat(workloads(values)).allSatisfy(workload -> {
            Set<String> volumes = names(workload.pod().at("volumes"));
            workload.node()
                    .at("spec", "volumeClaimTemplates")
                    .items()
                    .forEach(claim -> volumes.add(claim.at("metadata", "name").text()));
            Set<String> mounted = new HashSet<>();
            workload.containers().forEach(container -> mounted.addAll(names(container.at("volumeMounts"))));
            assertThat(mounted).as(workload.id()).isEqualTo(volumes);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {BUNDLED, EXTERNAL, MINIMAL})
    void givenReferences_whenRendered_thenConfigMapsAndAccountsAndBackendsExist(String values) {
        List<Manifest> manifests = Chart.manifests(values);
        Set<String> ids = manifests.stream().map(Manifest::id).collect(Collectors.toSet());

        assertThat(workloads(values).stream()
                        .filter(workload -> !workload.kind().equals("Pod")))
                .allSatisfy(workload -> {
                    assertThat(ids)
                            .as(workload.id())
                            .contains("ServiceAccount/"
                                    + workload.pod().at("serviceAccountName").text());
                    workload.pod().at("volumes").items().stream()
                            .filter(volume -> volume.at("configMap").present())
                            .forEach(volume -> assertThat(ids)
                                    .as(workload.id())
                                    .contains("ConfigMap/"
                                            + volume.at("configMap", "name").text()));
                });
        assertThat(ofKind(manifests, "Ingress"))
                .allSatisfy(ingress -> ingress.node().at("spec", "rules").items().stream()
                        .flatMap(rule -> rule.at("http", "paths").items().stream())
                        .forEach(path -> assertThat(ids)
                                .contains("Service/"
                                        + path.at("backend", "service", "name").text())));
    }

    @ParameterizedTest
    @ValueSource(strings = {BUNDLED, EXTERNAL, MINIMAL})
    void givenServices_whenRendered_thenEachSelectsAWorkloadThatOpensItsPorts(String values) {
        List<Manifest> manifests = Chart.manifests(values);

        assertThat(ofKind(manifests, "Service")).hasSizeGreaterThan(4).allSatisfy(service -> {
            List<Manifest> selected = selected(manifests, service.node().at("spec", "selector"));
            assertThat(selected).as(service.id()).hasSize(1);
            Set<String> open = names(selected.getFirst()
                    .pod()
                    .at("containers")
                    .items()
                    .getFirst()
                    .at("ports"));
            assertThat(service.node().at("spec", "ports").items())
                    .as(service.id())
                    .isNotEmpty()
                    .allMatch(port -> open.contains(port.at("targetPort").text()));
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {BUNDLED, EXTERNAL, MINIMAL})
    void givenServicesOfThePlatform_whenRendered_thenEachHasADisruptionBudgetOfOne(String values) {
        List<Manifest> manifests = Chart.manifests(values);

        assertThat(ofKind(manifests, "PodDisruptionBudget"))
                .extracting(Manifest::component)
                .containsExactlyInAnyOrder("gateway", "stream", "query", "dashboard");
        assertThat(ofKind(manifests, "PodDisruptionBudget")).allSatisfy(budget -> {
            assertThat(budget.node().at("spec", "maxUnavailable").value()).isEqualTo(1);
            assertThat(selected(manifests, budget.node().at("spec", "selector", "matchLabels")))
                    .hasSize(1);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {BUNDLED, EXTERNAL, MINIMAL})
    void givenServicesOfThePlatform_whenRendered_thenTheyAreSpreadAndRestartedByTheirConfiguration(String values) {
        assertThat(workloads(values).stream()
                        .filter(workload -> Set.of("gateway", "stream", "query", "dashboard")
                                .contains(workload.component())))
                .hasSize(4)
                .allSatisfy(workload -> {
                    assertThat(workload.pod().at("topologySpreadConstraints").items())
                            .as(workload.id())
                            .hasSize(2);
                    assertThat(workload.node()
                                    .at("spec", "template", "metadata", "annotations", "checksum/config")
                                    .text())
                            .as(workload.id())
                            .hasSize(64);
                    assertThat(workload.pod()
                                    .at("terminationGracePeriodSeconds")
                                    .value())
                            .as(workload.id())
                            .isNotNull();
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {BUNDLED, EXTERNAL, MINIMAL})
    void givenConfigMaps_whenRendered_thenNoneHoldsAPasswordAndEveryDocumentIsYaml(String values) {
        assertThat(ofKind(Chart.manifests(values), "ConfigMap")).allSatisfy(map -> {
            String document = map.node().at("data", "service.yaml").text();
            if (!document.isEmpty()) {
                assertThat(YamlNode.document(document)
                                .at("management", "server", "port")
                                .present())
                        .isTrue();
                assertThat(document).doesNotContainPattern("(?i)(password|secret|jaas[a-z.]*)\\]?['\"]?: ");
            }
        });
    }

    @Test
    void givenAutoscaling_whenRendered_thenTheDeploymentLeavesTheNumberToIt() {
        List<Manifest> manifests = Chart.manifests(EXTERNAL);

        Manifest autoscaler = ofKind(manifests, "HorizontalPodAutoscaler").getFirst();
        assertThat(autoscaler.node().at("spec", "scaleTargetRef", "name").text())
                .isEqualTo("h-heliograph-gateway");
        assertThat(byId(manifests, "Deployment/h-heliograph-gateway")
                        .node()
                        .at("spec", "replicas")
                        .present())
                .isFalse();
        assertThat(ofKind(Chart.manifests(MINIMAL), "HorizontalPodAutoscaler")).isEmpty();
    }

    @Test
    void givenChangedSetting_whenRendered_thenOnlyThatServiceRestarts() {
        Map<String, String> before = checksums(Chart.manifests(MINIMAL));

        Map<String, String> after = checksums(Chart.manifests(MINIMAL, "gateway.config.heliograph.ingest.example=1"));

        assertThat(after.get("h-heliograph-gateway")).isNotEqualTo(before.get("h-heliograph-gateway"));
        assertThat(after.get("h-heliograph-query")).isEqualTo(before.get("h-heliograph-query"));
    }

    @Test
    void givenExternalKafka_whenRendered_thenItsSettingsAndSecretsReachEveryService() {
        List<Manifest> manifests = Chart.manifests(EXTERNAL);

        for (String service : List.of("gateway", "stream", "query")) {
            YamlNode document = YamlNode.document(byId(manifests, "ConfigMap/h-heliograph-" + service)
                    .node()
                    .at("data", "service.yaml")
                    .text());
            assertThat(document.at("heliograph", "kafka", "bootstrap-servers").text())
                    .isEqualTo("kafka-bootstrap.kafka.svc:9093");
            assertThat(document.at("heliograph", "kafka", "properties", "[security.protocol]")
                            .text())
                    .isEqualTo("SASL_SSL");
            assertThat(document.at("spring", "config", "import").text())
                    .isEqualTo("configtree:/etc/heliograph/secrets/");
        }
        assertThat(ofKind(manifests, "Secret"))
                .extracting(Manifest::name)
                .containsExactlyInAnyOrder("h-heliograph-query", "h-heliograph-query-database", "h-heliograph-replay");
    }

    @Test
    void givenCertificatesOfKafkaAndDatabase_whenRendered_thenWhoeverConnectsThereReadsThemFromDirectories() {
        List<Manifest> manifests = Chart.manifests(EXTERNAL);

        for (String id : List.of(
                "Deployment/h-heliograph-gateway",
                "StatefulSet/h-heliograph-stream",
                "Deployment/h-heliograph-query")) {
            Manifest workload = byId(manifests, id);
            assertThat(mounted(workload, "kafka-authorities"))
                    .as(id)
                    .isEqualTo("/etc/heliograph/kafka-authorities of heliograph-kafka-authorities");
            assertThat(mounted(workload, "kafka-certificate"))
                    .as(id)
                    .isEqualTo("/etc/heliograph/kafka-certificate of heliograph-kafka-client");
            String document = byId(manifests, "ConfigMap/" + workload.name())
                    .node()
                    .at("data", "service.yaml")
                    .text();
            YamlNode properties = YamlNode.document(document).at("heliograph", "kafka", "properties");
            assertThat(properties.at("[ssl.truststore.location]").text())
                    .isEqualTo("/etc/heliograph/kafka-authorities/ca.crt");
            assertThat(properties.at("[ssl.keystore.location]").text())
                    .isEqualTo("/etc/heliograph/kafka-certificate/tls-combined.pem");
        }
        List<Manifest> ofDatabase = manifests.stream()
                .filter(Manifest::runsPods)
                .filter(workload -> workload.pod().scalars().contains("heliograph-database-authorities"))
                .toList();
        assertThat(ofDatabase)
                .extracting(Manifest::component)
                .containsExactlyInAnyOrder("stream", "query", "migration");
        assertThat(ofDatabase)
                .allSatisfy(workload -> assertThat(mounted(workload, "database-authorities"))
                        .isEqualTo("/etc/heliograph/database-authorities of heliograph-database-authorities"));
        assertThat(databaseUrl(manifests))
                .endsWith("?sslmode=verify-full&sslrootcert=/etc/heliograph/database-authorities/ca.crt");
    }

    @Test
    void givenADatabaseThatMustProveItself_whenNoAuthoritiesAreNamed_thenThoseOfTheJvmJudge() {
        assertThat(databaseUrl(Chart.manifests(MINIMAL)))
                .endsWith("?sslmode=verify-full&sslfactory=org.postgresql.ssl.DefaultJavaSSLFactory");
        String own = "jdbc:postgresql://db/x?sslmode=verify-full&sslrootcert=/mine.crt";
        assertThat(databaseUrl(Chart.manifests(MINIMAL, "database.external.url=" + own)))
                .isEqualTo(own);
        String plain = "jdbc:postgresql://db/x";
        assertThat(databaseUrl(Chart.manifests(MINIMAL, "database.external.url=" + plain)))
                .isEqualTo(plain);
    }

    private static String databaseUrl(List<Manifest> manifests) {
        return YamlNode.document(byId(manifests, "ConfigMap/h-heliograph-query")
                        .node()
                        .at("data", "service.yaml")
                        .text())
                .at("heliograph", "database", "url")
                .text();
    }

    /** Where a volume is, and of which secret. */
    private static String mounted(Manifest workload, String volume) {
        String path = workload.containers().getFirst().at("volumeMounts").items().stream()
                .filter(mount -> mount.at("name").text().equals(volume))
                .map(mount -> mount.at("mountPath").text())
                .findFirst()
                .orElse("nowhere");
        String secret = workload.pod().at("volumes").items().stream()
                .filter(one -> one.at("name").text().equals(volume))
                .map(one -> one.at("secret", "secretName").text())
                .findFirst()
                .orElse("none");
        return path + " of " + secret;
    }

    @Test
    void givenRolesOfTheMigration_whenRendered_thenOnlyTheJobGetsThem() {
        for (String secret : List.of("heliograph-schema-owner", "heliograph-role-maker")) {
            List<Manifest> using = workloads(EXTERNAL).stream()
                    .filter(workload -> workload.pod().scalars().contains(secret))
                    .toList();

            assertThat(using).as(secret).extracting(Manifest::kind).containsExactly("Job");
        }
    }

    static List<Manifest> ofKind(List<Manifest> manifests, String kind) {
        return manifests.stream()
                .filter(manifest -> manifest.kind().equals(kind))
                .toList();
    }

    static Manifest byId(List<Manifest> manifests, String id) {
        return manifests.stream()
                .filter(manifest -> manifest.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + id));
    }

    /** The workloads whose pods carry all these labels. */
    static List<Manifest> selected(List<Manifest> manifests, YamlNode labels) {
        Map<String, String> wanted = Manifest.strings(labels);
        Predicate<Manifest> carries =
                manifest -> manifest.podLabels().entrySet().containsAll(wanted.entrySet());
        return manifests.stream().filter(Manifest::runsPods).filter(carries).toList();
    }

    private static Map<String, String> checksums(List<Manifest> manifests) {
        return ofKind(manifests, "Deployment").stream()
                .collect(Collectors.toMap(
                        Manifest::name,
                        manifest -> manifest.node()
                                .at("spec", "template", "metadata", "annotations", "checksum/config")
                                .text()));
    }

    private static List<Manifest> workloads(String values) {
        return Chart.manifests(values).stream().filter(Manifest::runsPods).toList();
    }

    private static boolean stays(Manifest workload) {
        return Stream.of("Deployment", "StatefulSet").anyMatch(workload.kind()::equals);
    }

    private static Set<String> names(YamlNode list) {
        return list.items().stream().map(item -> item.at("name").text()).collect(Collectors.toCollection(HashSet::new));
    }
}
