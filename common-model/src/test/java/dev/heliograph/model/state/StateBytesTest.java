package dev.heliograph.model.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;

class StateBytesTest {
    @Test
    void givenNumbersOfEverySize_whenReadBack_thenTheyAreTheSame() {
        Random random = new Random(1);
        StateWriter out = new StateWriter();
        long[] numbers = new long[1_000];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = i == 0 ? Long.MIN_VALUE : i == 1 ? Long.MAX_VALUE : random.nextLong() >> random.nextInt(64);
            out.writeLong(numbers[i]).writeDouble(numbers[i] / 3.0);
        }
        out.writeText("Überlauf").writeFlag(null).writeFlag(true);

        StateReader in = new StateReader(out.toBytes());

        for (long number : numbers) {
            assertThat(in.readLong()).isEqualTo(number);
            assertThat(in.readDouble()).isEqualTo(number / 3.0);
        }
        assertThat(in.readText()).isEqualTo("Überlauf");
        assertThat(in.readFlag()).isNull();
        assertThat(in.readFlag()).isTrue();
    }

    @Test
    void givenBytesCutShort_whenRead_thenTheyAreRefused() {
        byte[] bytes = new StateWriter().writeText("abc").toBytes();

        assertThatThrownBy(() -> new StateReader(java.util.Arrays.copyOf(bytes, 2)).readText())
                .isInstanceOf(StateFormatException.class);
        assertThatThrownBy(() -> new StateReader(bytes).expectVersion(1, "state"))
                .isInstanceOf(StateFormatException.class);
    }
}
