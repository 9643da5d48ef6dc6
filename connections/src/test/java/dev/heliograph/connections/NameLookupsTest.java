package dev.heliograph.connections;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NameLookupsTest {
    @TempDir
    Path directory;

    @AfterEach
    void forget() {
        System.clearProperty(NameLookups.TTL);
        System.clearProperty(NameLookups.NEGATIVE_TTL);
    }

    /** A process of its own: what the JVM believes is settled at its first look-up. */
    public static final class Asker {
        private Asker() {}

        public static void main(String[] names) throws IOException, InterruptedException {
            NameLookups.followMoves();
            while (System.in.read() >= 0) {
                try {
                    System.out.println(InetAddress.getByName(names[0]).getHostAddress());
                } catch (UnknownHostException nowhere) {
                    System.out.println("nowhere");
                }
            }
        }
    }

    @Test
    void givenAProcessThatKnowsAName_whenItMoves_thenItIsFoundWithinTheTime() throws Exception {
        Path hosts = directory.resolve("hosts");
        Files.writeString(hosts, "127.0.0.2 kafka.plant\n");
        Process asker = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djdk.net.hosts.file=" + hosts,
                        "-D" + NameLookups.TTL + "=1",
                        "-D" + NameLookups.NEGATIVE_TTL + "=0",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Asker.class.getName(),
                        "kafka.plant")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var answers = asker.inputReader(StandardCharsets.UTF_8);
                var questions = asker.outputWriter(StandardCharsets.UTF_8)) {
            String first = ask(questions, answers);

            Files.writeString(hosts, "127.0.0.3 kafka.plant\n");
            String moved = askUntil("127.0.0.3", questions, answers);
            Files.writeString(hosts, "127.0.0.1 localhost\n");
            String gone = askUntil("nowhere", questions, answers);
            Files.writeString(hosts, "127.0.0.4 kafka.plant\n");
            String back = ask(questions, answers);

            assertThat(first).isEqualTo("127.0.0.2");
            assertThat(moved).isEqualTo("127.0.0.3");
            assertThat(gone).isEqualTo("nowhere");
            assertThat(back).isEqualTo("127.0.0.4");
        } finally {
            asker.destroyForcibly();
        }
    }

    private static String ask(java.io.BufferedWriter questions, java.io.BufferedReader answers) throws IOException {
        questions.write('?');
        questions.flush();
        return answers.readLine();
    }

    private static String askUntil(String wanted, java.io.BufferedWriter questions, java.io.BufferedReader answers)
            throws IOException {
        // Far below the 30 s for which the JVM believes an address by itself.
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(15);
        String answer = ask(questions, answers);
        while (!answer.equals(wanted) && System.nanoTime() < end) {
            Thread.onSpinWait();
            answer = ask(questions, answers);
        }
        return answer;
    }

    @Test
    void givenATimeThatIsNone_whenItIsSet_thenTheRefusalNamesTheProperty() {
        System.setProperty(NameLookups.TTL, "soon");
        assertThatThrownBy(NameLookups::followMoves)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(NameLookups.TTL)
                .hasMessageContaining("soon");

        System.setProperty(NameLookups.TTL, "-1");
        assertThatThrownBy(NameLookups::followMoves).hasMessageContaining("-1");
    }
}
