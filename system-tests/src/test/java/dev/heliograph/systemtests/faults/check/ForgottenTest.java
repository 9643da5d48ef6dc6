package dev.heliograph.systemtests.faults.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.systemtests.faults.check.Forgotten.Gap;
import dev.heliograph.systemtests.faults.check.Forgotten.Missing;
import dev.heliograph.systemtests.faults.check.Forgotten.Numbered;
import dev.heliograph.systemtests.faults.check.Forgotten.While;
import dev.heliograph.systemtests.faults.check.Sent.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ForgottenTest {
    private static final String DEVICE = "pump-1";
    private static final List<While> WHILE = List.of(new While(30, 60));

    /** Ten messages, each answered at ten times its number. */
    private static final List<Numbered> SENT = IntStream.range(0, 10)
            .mapToObj(number -> numbered(number, number * 10, Verdict.ACKNOWLEDGED))
            .toList();

    @Test
    void givenNumbersOfTheTimeInWhichABrokerForgot_whenTheLedgerMissesThem_thenTheseAreForgottenAndNothingIsWrong() {
        Forgotten forgotten = Forgotten.of(SENT, missing(3, new Gap(3, 5)), WHILE);

        assertThat(forgotten.problems()).isEmpty();
        assertThat(forgotten.size()).isEqualTo(3);
        List<Sent> sent = SENT.stream().map(Numbered::message).toList();
        assertThat(forgotten.among(sent).stream().map(Sent::verdict).toList())
                .containsExactly(
                        Verdict.ACKNOWLEDGED,
                        Verdict.ACKNOWLEDGED,
                        Verdict.ACKNOWLEDGED,
                        Verdict.FORGOTTEN,
                        Verdict.FORGOTTEN,
                        Verdict.FORGOTTEN,
                        Verdict.ACKNOWLEDGED,
                        Verdict.ACKNOWLEDGED,
                        Verdict.ACKNOWLEDGED,
                        Verdict.ACKNOWLEDGED);
    }

    @Test
    void givenANumberOfAnotherTime_whenTheLedgerMissesIt_thenThatIsNoneOfTheBrokers() {
        Forgotten forgotten = Forgotten.of(SENT, missing(4, new Gap(3, 6), new Gap(8, 8)), WHILE);

        assertThat(forgotten.size()).isEqualTo(4);
        assertThat(forgotten.problems())
                .hasSize(2)
                .anyMatch(problem -> problem.contains("no broker has forgotten: pump-1/8"))
                .anyMatch(problem -> problem.contains("misses 4 numbers of pump-1 and lists 5"));
    }

    @Test
    void givenANumberThatWasNeverAcknowledged_whenTheLedgerMissesIt_thenTheBrokerHasForgottenNothing() {
        List<Numbered> open = List.of(numbered(4, 40, Verdict.OPEN));

        Forgotten forgotten = Forgotten.of(open, missing(2, new Gap(4, 5)), WHILE);

        assertThat(forgotten.size()).isZero();
        assertThat(forgotten.problems()).hasSize(2);
    }

    private static List<Missing> missing(long count, Gap... gaps) {
        return List.of(new Missing(DEVICE, count, List.of(gaps)));
    }

    private static Numbered numbered(long number, long answered, Verdict verdict) {
        byte[] payload = "{\"ts\":%d,\"seq\":%d,\"metrics\":{\"level\":1}}"
                .formatted(number, number)
                .getBytes(StandardCharsets.UTF_8);
        return new Numbered(Sent.of(DEVICE, payload, true, 1, verdict), number, answered);
    }
}
