package dev.heliograph.model.credential;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class DeviceKeyHashTest {
    @Test
    void givenPublishedVector_whenHashed_thenItIsHmacSha256() {
        // RFC 4231, test case 1.
        byte[] key = HexFormat.of().parseHex("0b".repeat(20));

        assertThat(DeviceKeyHash.of("Hi There", key).hashHex())
                .isEqualTo("b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    }

    @Test
    void givenHash_whenAnotherPasswordIsTried_thenItDoesNotMatch() {
        DeviceKeyHash hash = DeviceKeyHash.of("correct", new byte[] {1, 2, 3});

        assertThat(hash.matches("correct")).isTrue();
        assertThat(hash.matches("correct ")).isFalse();
        assertThat(hash.matches("")).isFalse();
    }

    @Test
    void givenAKeyHashedUnderItsOwnSalt_whenLookedFor_thenItsSaltIsFoundFromTheKeyAlone() {
        DeviceKeyHash hash = DeviceKeyHash.of("a-key");

        assertThat(hash.saltHex()).isEqualTo(DeviceKeyHash.saltHexOf("a-key")).hasSize(32);
        assertThat(hash.matches("a-key")).isTrue();
        assertThat(DeviceKeyHash.saltHexOf("another-key")).isNotEqualTo(hash.saltHex());
    }
}
