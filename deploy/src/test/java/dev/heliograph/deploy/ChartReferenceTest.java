package dev.heliograph.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The README's table and the schema are generated from the comments in values.yaml. */
class ChartReferenceTest {
    private static final Path SCHEMA = Chart.DIRECTORY.resolve("values.schema.json");
    private static final Path README = Chart.DIRECTORY.resolve("README.md");
    private static final String BEGIN = "<!-- values: generated from values.yaml -->\n";
    private static final String END = "<!-- end of values -->";

    private final ChartReference reference = new ChartReference(Tree.read(Chart.DIRECTORY.resolve("values.yaml")));

    @Test
    void givenComments_whenSchemaIsGenerated_thenItIsTheCommittedOne() {
        String generated = reference.schema();

        if (Tree.UPDATE) Tree.write(SCHEMA, generated);
        assertThat(Tree.read(SCHEMA)).isEqualTo(generated);
    }

    @Test
    void givenComments_whenTableIsGenerated_thenItIsTheOneInTheReadme() {
        String readme = Tree.read(README);
        int from = readme.indexOf(BEGIN) + BEGIN.length();
        int to = readme.indexOf(END);

        if (Tree.UPDATE) Tree.write(README, readme.substring(0, from) + reference.table() + readme.substring(to));
        assertThat(Tree.read(README)).contains(BEGIN + reference.table() + END);
    }

    @Test
    void givenEveryValue_whenItsCommentIsRead_thenItIsASentence() {
        assertThat(reference.values()).hasSizeGreaterThan(80).allSatisfy(value -> {
            assertThat(value.comment()).as(value.path()).hasSizeGreaterThan(10).endsWith(".");
            assertThat(value.comment()).as(value.path()).matches("^[A-Z].*");
        });
    }

    @Test
    void givenAValueWithoutComment_whenRead_thenRefused() {
        assertThatThrownBy(() -> new ChartReference("image:\n  tag: x\n"))
                .hasMessage("a value without a comment: image.tag");
    }
}
