package dev.heliograph.model.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LedgerStampTest {
    @Test
    void givenAnyStamp_whenEncodedAndDecoded_thenItIsTheSame() {
        Random random = new Random(7);
        for (int i = 0; i < 5_000; i++) {
            LedgerStamp stamp = new LedgerStamp(
                    random.nextLong(),
                    random.nextInt(Integer.MAX_VALUE) >>> random.nextInt(31),
                    random.nextLong(Long.MAX_VALUE) >>> random.nextInt(63));

            assertThat(LedgerStamp.decode(stamp.encode())).isEqualTo(stamp);
        }
    }

    @Test
    void givenCutOrForeignBytes_whenDecoded_thenThereIsNoStampAndNoException() {
        byte[] whole = new LedgerStamp(1, 300, 70_000).encode();
        for (int length = 0; length < whole.length; length++) {
            assertThat(LedgerStamp.decode(Arrays.copyOf(whole, length))).isNull();
        }
        Random random = new Random(8);
        for (int i = 0; i < 5_000; i++) {
            byte[] noise = new byte[random.nextInt(40)];
            random.nextBytes(noise);
            LedgerStamp stamp = LedgerStamp.decode(noise);

            assertThat(stamp == null || stamp.units() >= 0 && stamp.acknowledged() >= 0)
                    .isTrue();
        }
        assertThat(LedgerStamp.decode(null)).isNull();
        assertThat(LedgerStamp.decode(Arrays.copyOf(whole, whole.length + 1))).isNull();
    }
}
