package dev.heliograph.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Rules, dashboard and routes: they parse, they are tested, and every metric they use is one that a service exports. */
class MonitoringTest {
    private static final Path RULES = Tree.path("monitoring/prometheus/heliograph.rules.yaml");
    private static final Path DASHBOARD = Tree.path("monitoring/grafana/pipeline.json");
    private static final Pattern METRIC = Pattern.compile(
            "\\b(heliograph[:_][a-z0-9_:]+|(?:http|jvm|process|system|hikaricp|kubelet|kafka)_[a-z0-9_]+)\\b");
    private static final Pattern GROUPING = Pattern.compile("\\b(by|on|without)\\s*\\([^)]*\\)|\"[^\"]*\"");

    private final YamlNode rules = YamlNode.document(Tree.read(RULES));
    private final JsonNode dashboard = JsonMapper.shared().readTree(Tree.read(DASHBOARD));

    @Test
    void givenRules_whenTheirMetricsAreRead_thenEachIsAgreedOrRecorded() {
        assertThat(metricsIn(allRules().map(rule -> rule.at("expr").text())))
                .isNotEmpty()
                .isSubsetOf(known());
    }

    @Test
    void givenDashboard_whenItsMetricsAreRead_thenEachIsAgreedOrRecorded() {
        assertThat(metricsIn(expressions())).hasSizeGreaterThan(15).isSubsetOf(known());
    }

    @Test
    void givenAlerts_whenRead_thenEachHasASeverityAndARunbookThatExists() {
        assertThat(alerts()).hasSizeGreaterThan(10).allSatisfy(alert -> {
            String name = alert.at("alert").text();
            assertThat(alert.at("labels", "severity").text()).as(name).isIn("page", "ticket", "none");
            assertThat(alert.at("annotations", "summary").text()).as(name).isNotBlank();
            assertThat(alert.at("annotations", "description").text()).as(name).isNotBlank();
            String link = alert.at("annotations", "runbook_url").text();
            assertThat(link).as(name).startsWith("https://heliograph.dev/docs/runbooks/");
            Path page = Tree.path("../docs/runbooks").resolve(link.substring(link.lastIndexOf('/') + 1));
            assertThat(page).as(name).exists();
            assertThat(Tree.read(page))
                    .as(name)
                    .contains("`" + name + "`")
                    .contains("**Look**")
                    .contains("**Over when**");
        });
    }

    @Test
    void givenAlerts_whenTheTestsAreRead_thenEachIsExpectedToFireOnce() {
        Set<String> fired =
                YamlNode.document(Tree.read("monitoring/prometheus/heliograph.tests.yaml")).at("tests").items().stream()
                        .flatMap(test -> test.at("alert_rule_test").items().stream())
                        .filter(test -> !test.at("exp_alerts").items().isEmpty())
                        .map(test -> test.at("alertname").text())
                        .collect(Collectors.toSet());

        assertThat(fired)
                .isEqualTo(alerts().map(alert -> alert.at("alert").text()).collect(Collectors.toSet()));
    }

    @Test
    void givenRules_whenPromtoolRunsTheirTests_thenTheyPass() throws IOException {
        Path promtool = Command.find("promtool");
        assumeTrue(promtool != null, "promtool is not installed: the rules were not tested");

        Command.run(RULES.getParent(), promtool.toString(), "check", "rules", "heliograph.rules.yaml");
        String output = Command.run(RULES.getParent(), promtool.toString(), "test", "rules", "heliograph.tests.yaml");

        assertThat(output).contains("SUCCESS");
    }

    @Test
    void givenRoutes_whenAmtoolChecksThem_thenEachAlertReachesItsReceiver() throws IOException {
        Path amtool = Command.find("amtool");
        assumeTrue(amtool != null, "amtool is not installed: the routes were not tested");
        Path directory = Tree.path("monitoring/alertmanager");
        String file = "--config.file=alertmanager.yaml";

        Command.run(directory, amtool.toString(), "check-config", "alertmanager.yaml");

        assertThat(Command.run(
                        directory,
                        amtool.toString(),
                        "config",
                        "routes",
                        "test",
                        file,
                        "alertname=HeliographGatewayStuck",
                        "severity=page"))
                .contains("pager");
        assertThat(Command.run(
                        directory,
                        amtool.toString(),
                        "config",
                        "routes",
                        "test",
                        file,
                        "alertname=HeliographSlowReaders",
                        "severity=ticket"))
                .contains("tickets");
        assertThat(Command.run(
                        directory,
                        amtool.toString(),
                        "config",
                        "routes",
                        "test",
                        file,
                        "alertname=HeliographWatchdog",
                        "severity=none"))
                .contains("dead-mans-switch");
    }

    @Test
    void givenAlertsThatTheRoutesName_whenRead_thenTheyExist() {
        Matcher named = Pattern.compile("Heliograph[A-Z][A-Za-z]+")
                .matcher(Tree.read("monitoring/alertmanager/alertmanager.yaml"));
        Set<String> alerts = alerts().map(alert -> alert.at("alert").text()).collect(Collectors.toSet());

        assertThat(named.results().map(match -> match.group())).isNotEmpty().allMatch(alerts::contains);
    }

    @Test
    void givenDashboard_whenRead_thenPanelsAreUniqueDescribedAndDoNotOverlap() {
        var panels = stream(dashboard.get("panels")).toList();

        assertThat(panels).extracting(panel -> panel.get("id").asInt()).doesNotHaveDuplicates();
        assertThat(panels).extracting(panel -> panel.get("title").asString()).doesNotHaveDuplicates();
        Set<String> cells = new TreeSet<>();
        for (JsonNode panel : panels) {
            JsonNode place = panel.get("gridPos");
            for (int x = 0; x < place.get("w").asInt(); x++) {
                for (int y = 0; y < place.get("h").asInt(); y++) {
                    String cell =
                            (place.get("x").asInt() + x) + "/" + (place.get("y").asInt() + y);
                    assertThat(cells.add(cell))
                            .as(panel.get("title") + " at " + cell)
                            .isTrue();
                }
            }
            if (!panel.get("type").asString().equals("row")) {
                assertThat(panel.get("description").asString())
                        .as(panel.get("title").asString())
                        .isNotBlank();
                assertThat(panel.get("targets").size())
                        .as(panel.get("title").asString())
                        .isPositive();
            }
        }
    }

    @Test
    void givenCopiesInTheChart_whenCompared_thenTheyAreEqual() {
        Path rulesCopy = Chart.DIRECTORY.resolve("files/heliograph.rules.yaml");
        Path dashboardCopy = Chart.DIRECTORY.resolve("files/pipeline.json");

        if (Tree.UPDATE) {
            Tree.write(rulesCopy, Tree.read(RULES));
            Tree.write(dashboardCopy, Tree.read(DASHBOARD));
        }
        assertThat(Tree.read(rulesCopy)).isEqualTo(Tree.read(RULES));
        assertThat(Tree.read(dashboardCopy)).isEqualTo(Tree.read(DASHBOARD));
        YamlNode inChart = ChartTest.ofKind(Chart.manifests("external-values.yaml"), "PrometheusRule")
                .getFirst()
                .node();
        assertThat(inChart.at("spec", "groups").value())
                .isEqualTo(rules.at("groups").value());
    }

    private Stream<YamlNode> allRules() {
        return rules.at("groups").items().stream().flatMap(group -> group.at("rules").items().stream());
    }

    private Stream<YamlNode> alerts() {
        return allRules().filter(rule -> rule.at("alert").present());
    }

    private Stream<String> expressions() {
        return stream(dashboard.get("panels"))
                .filter(panel -> panel.has("targets"))
                .flatMap(panel -> stream(panel.get("targets")))
                .map(target -> target.get("expr").asString());
    }

    private static Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    private static Set<String> metricsIn(Stream<String> expressions) {
        return expressions
                .map(expression -> GROUPING.matcher(expression).replaceAll(""))
                .flatMap(expression -> METRIC.matcher(expression).results())
                .map(match -> match.group())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The exported metrics, one a line, and what the rules record. */
    private Set<String> known() {
        Set<String> known = new TreeSet<>();
        Tree.read("monitoring/metrics.txt")
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .forEach(known::add);
        allRules().map(rule -> rule.at("record").text()).forEach(known::add);
        return known;
    }
}
