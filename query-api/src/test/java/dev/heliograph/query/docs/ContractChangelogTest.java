package dev.heliograph.query.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.query.docs.ContractDiff.Change;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Within v1 the interface only grows, and the changelog of it says how: it is made of the differences. */
class ContractChangelogTest {
    private static final Path RELEASED = Path.of("..", "docs", "api", "released");
    private static final Path CHANGELOG = Path.of("..", "docs", "api", "CHANGELOG.md");
    private static final String HEAD = """
            # Changes of the interface

            Made by a test (`ContractChangelogTest`) from the differences between the contracts in [released](released) and
            [openapi.yaml](openapi.yaml); texts and examples are not counted. Within v1 the interface only grows: clients must pass
            over fields, words and problems that they do not know.
            """;

    /** A contract with its name, such as {@code v1-1}. */
    private record Version(String name, ContractDocument document) {}

    @Test
    void givenTheLastReleasedContract_whenComparedWithTheDescription_thenNothingBreaks() throws IOException {
        Version last = released().getLast();

        List<Change> changes = ContractDiff.between(last.document(), ContractDocument.read(ContractDocument.GOLDEN));

        assertThat(changes)
                .as("whoever was written for %s must go on working; v2 is the place for this", last.name())
                .noneMatch(Change::breaking);
    }

    @Test
    void givenAllContracts_whenCompared_thenTheChangelogSaysSo() throws IOException {
        String told = changelog();
        if (Boolean.getBoolean("heliograph.golden.update")) {
            Files.writeString(CHANGELOG, told);
        }

        assertThat(told)
                .as("regenerate with -Dheliograph.golden.update=true, once docs/api/openapi.yaml is right")
                .isEqualTo(Files.readString(CHANGELOG));
    }

    private static String changelog() throws IOException {
        List<Version> versions = new ArrayList<>(released());
        versions.add(new Version("Unreleased", ContractDocument.read(ContractDocument.GOLDEN)));
        StringBuilder log = new StringBuilder(HEAD);
        for (int i = versions.size() - 1; i > 0; i--) {
            log.append("\n## ").append(versions.get(i).name()).append("\n\n");
            List<Change> changes = ContractDiff.between(
                    versions.get(i - 1).document(), versions.get(i).document());
            if (changes.isEmpty()) {
                log.append("Nothing.\n");
            }
            changes.forEach(change -> log.append("- ").append(change).append('\n'));
        }
        return log.append("\n## ")
                .append(versions.getFirst().name())
                .append("\n\nThe first contract.\n")
                .toString();
    }

    private static List<Version> released() throws IOException {
        try (Stream<Path> files = Files.list(RELEASED)) {
            return files.filter(file -> file.getFileName().toString().matches("v1-[0-9]+\\.yaml"))
                    .sorted(Comparator.comparingInt(ContractChangelogTest::number))
                    .map(file -> new Version(
                            file.getFileName().toString().replace(".yaml", ""), ContractDocument.read(file)))
                    .toList();
        }
    }

    private static int number(Path file) {
        return Integer.parseInt(file.getFileName().toString().replaceAll("v1-([0-9]+)\\.yaml", "$1"));
    }
}
