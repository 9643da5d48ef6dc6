package dev.heliograph.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What the documents name exists. */
class ReadmeTest {
    private static final Pattern VALUE = Pattern.compile(
            "`((?:gateway|stream|query|kafka|database|identity|ingress|networkPolicy|migration|monitoring)\\.[A-Za-z.]+)");

    @Test
    void givenReadme_whenItNamesAValue_thenTheChartHasIt() {
        YamlNode values = YamlNode.document(Tree.read(Chart.DIRECTORY.resolve("values.yaml")));
        String text = Tree.read("README.md") + Tree.read(Chart.DIRECTORY.resolve("templates/NOTES.txt"));
        Set<String> named =
                VALUE.matcher(text).results().map(match -> match.group(1)).collect(Collectors.toSet());

        assertThat(named)
                .hasSizeGreaterThan(10)
                .allSatisfy(path -> assertThat(values.at(path.split("\\.")).present())
                        .as(path)
                        .isTrue());
    }

    @Test
    void givenReadme_whenItNamesAPathOfThisModule_thenItExists() {
        assertThat(Pattern.compile("deploy/((?:images|compose|helm|k8s|monitoring)[A-Za-z0-9/._-]*[A-Za-z0-9])")
                        .matcher(Tree.read("README.md"))
                        .results()
                        .map((MatchResult match) -> match.group(1))
                        .filter(path -> !path.startsWith("compose/secrets")))
                .isNotEmpty()
                .allSatisfy(path -> assertThat(Tree.path(path)).exists());
    }
}
