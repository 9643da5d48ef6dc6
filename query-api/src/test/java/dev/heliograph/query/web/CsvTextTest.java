package dev.heliograph.query.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.model.csv.CsvLine;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CsvTextTest {
    @Test
    void givenAnyText_whenWrittenAndRead_thenItIsTheSameAndNoFormula() {
        Random random = new Random(3);
        String alphabet = "'=+-@\t\",a1 ";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(6); length > 0; length--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            StringBuilder cell = new StringBuilder();

            CsvText.append(cell, text.toString());

            String shown = CsvLine.split(cell.toString()).getFirst();
            assertThat(shown.isEmpty() ? ' ' : shown.charAt(0))
                    .as(text.toString())
                    .isNotIn('=', '+', '-', '@', '\t');
            assertThat(CsvText.read(shown)).isEqualTo(text.toString());
        }
    }
}
