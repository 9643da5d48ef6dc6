package dev.heliograph.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The network policies, asked as a network plug-in would: may this component reach that one? */
class ChartNetworkTest {
    private static final List<Manifest> BUNDLED = Chart.manifests("bundled-values.yaml");

    @ParameterizedTest
    @ValueSource(strings = {"bundled-values.yaml", "external-values.yaml", "minimal-values.yaml"})
    void givenPolicies_whenRendered_thenAllIsDeniedByDefaultAndEachWorkloadHasItsOwn(String values) {
        List<Manifest> manifests = Chart.manifests(values);
        List<Manifest> policies = ChartTest.ofKind(manifests, "NetworkPolicy");

        Manifest all = ChartTest.byId(manifests, "NetworkPolicy/h-heliograph-default");
        assertThat(all.node().at("spec", "policyTypes").texts()).containsExactly("Ingress", "Egress");
        assertThat(all.node().at("spec", "ingress").present()).isFalse();
        assertThat(ChartTest.selected(manifests, all.node().at("spec", "podSelector", "matchLabels")))
                .hasSameSizeAs(manifests.stream().filter(Manifest::runsPods).toList());
        Set<String> covered = policies.stream().map(Manifest::component).collect(Collectors.toSet());
        assertThat(manifests.stream().filter(Manifest::runsPods))
                .allSatisfy(workload -> assertThat(covered).contains(workload.component()));
    }

    @ParameterizedTest
    @CsvSource({
        "gateway,kafka,9092",
        "stream,kafka,9092",
        "query,kafka,9092",
        "stream,database,5432",
        "query,database,5432",
        "migration,database,5432",
        "query,identity,9000",
        "query,gateway,8081",
        "test,gateway,9081",
        "test,stream,9082",
        "test,query,9083",
        "test,dashboard,8080"
    })
    void givenAFlowOfThePlatform_whenBundled_thenBothEndsAllowIt(String from, String to, int port) {
        assertThat(allows(from, "egress", to, port)).as(from + " may call").isTrue();
        assertThat(allows(to, "ingress", from, port)).as(to + " may be called").isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "gateway,database,5432",
        "dashboard,database,5432",
        "migration,kafka,9092",
        "dashboard,kafka,9092",
        "kafka,database,5432"
    })
    void givenNoFlowOfThePlatform_whenBundled_thenNeitherEndAllowsIt(String from, String to, int port) {
        assertThat(allows(from, "egress", to, port)).isFalse();
        assertThat(allows(to, "ingress", from, port)).isFalse();
    }

    @Test
    void givenPeers_whenRendered_thenOnlyTheyReachTheWebPorts() {
        YamlNode web = opening("query", 8080);

        assertThat(web.at("from").items()).hasSize(1);
        assertThat(web.at("from").scalars()).containsExactly("ingress-nginx");
    }

    @Test
    void givenPeers_whenRendered_thenTheApiStillReachesTheGatewayToReplayAndNoOtherComponentDoes() {
        YamlNode http = opening("gateway", 8081);

        assertThat(http.at("from").items()).hasSize(2);
        assertThat(http.at("from").scalars()).contains("ingress-nginx", "query").doesNotContain("stream", "dashboard");
    }

    /** The rule by which the component's port is open, where peers are named. */
    private static YamlNode opening(String component, int port) {
        Manifest policy =
                ChartTest.byId(Chart.manifests("external-values.yaml"), "NetworkPolicy/h-heliograph-" + component);
        return policy.node().at("spec", "ingress").items().stream()
                .filter(rule -> rule.at("ports").scalars().contains("" + port))
                .findFirst()
                .orElseThrow(() -> new AssertionError(component + " does not open " + port));
    }

    /** Whether a rule of the component's policy, in that direction, names the other component and the port. */
    private static boolean allows(String component, String direction, String other, int port) {
        Manifest policy = ChartTest.byId(BUNDLED, "NetworkPolicy/h-heliograph-" + component);
        String side = direction.equals("ingress") ? "from" : "to";
        return policy.node().at("spec", direction).items().stream()
                .filter(rule -> rule.at("ports").items().stream()
                        .anyMatch(open -> open.at("port").text().equals("" + port)))
                .anyMatch(rule -> !rule.at(side).present()
                        || rule.at(side).items().stream().anyMatch(peer -> names(peer, other)));
    }

    private static boolean names(YamlNode peer, String component) {
        Map<String, String> labels = Manifest.strings(peer.at("podSelector", "matchLabels"));
        String wanted = labels.get("app.kubernetes.io/component");
        return peer.at("podSelector").present() && (wanted == null || wanted.equals(component));
    }
}
