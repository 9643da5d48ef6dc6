package dev.heliograph.query.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The description of the interface leaves nothing to guess: rules of {@link ContractLint}. */
class ContractLintTest {
    @Test
    void givenTheDescription_whenLinted_thenNothingIsMissing() {
        assertThat(ContractLint.faultsOf(ContractDocument.read(ContractDocument.GOLDEN)))
                .as("texts and examples are in src/main/resources/heliograph-contract, meanings in Javadoc as well")
                .isEmpty();
    }

    /** Each rule finds what it is for: the description with one thing spoilt. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "operationId: getMe | operationId: GetMe | lowerCamelCase",
                "operationId: getMe | operationId: listRules | shares the operationId",
                "security:\\n- token: [] | security: [] | has no security",
                "Needs the role admin. | Whoever. | which role",
                "$ref: \"#/components/schemas/Me\" | $ref: \"#/components/schemas/You\" | refers to the unknown",
                "severity: critical | severity: terrible | example",
                "status: 404 | status: 409 | of another status",
            })
    void givenASpoiltDescription_whenLinted_thenTheFaultIsNamed(String good, String bad, String fault)
            throws IOException {
        String whole = Files.readString(ContractDocument.GOLDEN);
        String spoilt = whole.replace(good.replace("\\n", "\n"), bad);
        assertThat(spoilt).isNotEqualTo(whole);

        assertThat(ContractLint.faultsOf(ContractDocument.parse(spoilt)))
                .isNotEmpty()
                .anySatisfy(found -> assertThat(found).contains(fault));
    }
}
