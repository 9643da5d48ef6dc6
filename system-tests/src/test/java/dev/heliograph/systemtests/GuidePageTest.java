package dev.heliograph.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GuidePageTest {
    @Test
    void givenPage_whenParsed_thenCommandsHaveTheOutputThatFollowsThem() {
        GuidePage page = GuidePage.parse("""
                # A page

                ```sh
                echo one
                ```

                ```text
                one
                ```

                ```sh
                echo two
                ```

                Some words.

                ```text
                not the output of anything
                ```
                """);

        assertThat(page.blocks())
                .containsExactly(new GuidePage.Block(3, "echo one", "one"), new GuidePage.Block(11, "echo two", null));
        assertThat(page.unmarked()).isEmpty();
    }

    @Test
    void givenCommandOutsideOfABlock_whenParsed_thenItIsNamed() {
        GuidePage page = GuidePage.parse("Try:\n\n    curl http://localhost/\n");

        assertThat(page.unmarked()).containsExactly("3: curl http://localhost/");
    }

    @Test
    void givenBlockWithoutEnd_whenParsed_thenItIsRefused() {
        assertThatThrownBy(() -> GuidePage.parse("```sh\necho\n")).hasMessage("line 1: a block without an end");
    }

    @ParameterizedTest
    @CsvSource({
        "'a…c', 'abc', true",
        "'a…c', 'ac', true",
        "'a…c', 'ab\nc', false",
        "'a.c', 'abc', false",
        "'…', '', true",
        "'…', 'a\nb', true",
        "'a\n…', 'a', true",
        "'a\n…', 'a\nb\nc', true",
        "'a\n…\nz', 'a\nz', true",
        "'a\n…\nz', 'a\nb\nc', false",
        "'a\nb', 'a\nb\n', true",
        "'a\nb', 'a', false",
        "'a', 'a\nb', false",
        "'a\nb', 'a \nb ', true",
    })
    void givenOutput_whenCompared_thenAnEllipsisStandsForAnything(String page, String actual, boolean same) {
        assertThat(new GuidePage.Block(1, "", page).isPrinted(actual)).isEqualTo(same);
    }
}
