package dev.heliograph.query.idempotency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class SealTest {
    private static final byte[] ANSWER = "{\"password\":\"secret\"}".getBytes(StandardCharsets.UTF_8);
    private static final IdempotencyKey KEY = new IdempotencyKey("0d1bfae0-9b6f-4a2c");

    private final Seal seal = new Seal();

    @Test
    void givenAnAnswer_whenSealed_thenItsKeyOpensItAndItIsNotReadable() {
        byte[] sealed = seal.close("demo", "ana", KEY, ANSWER);

        assertThat(new String(sealed, StandardCharsets.ISO_8859_1)).doesNotContain("secret");
        assertThat(seal.open("demo", "ana", KEY, sealed)).isEqualTo(ANSWER);
    }

    @Test
    void givenTheSameAnswer_whenSealedTwice_thenTheSealsDiffer() {
        assertThat(seal.close("demo", "ana", KEY, ANSWER)).isNotEqualTo(seal.close("demo", "ana", KEY, ANSWER));
    }

    @Test
    void givenAnotherUserTenantOrKey_whenOpened_thenItStaysClosed() {
        byte[] sealed = seal.close("demo", "ana", KEY, ANSWER);

        assertThatThrownBy(() -> seal.open("demo", "ben", KEY, sealed)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> seal.open("acme", "ana", KEY, sealed)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> seal.open("demo", "ana", new IdempotencyKey("0d1bfae0-9b6f-4a2d"), sealed))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void givenNamesThatRunTogether_whenHashed_thenTheyStayApart() {
        assertThat(Seal.hash("ab", "c", KEY)).isNotEqualTo(Seal.hash("a", "bc", KEY));
    }
}
