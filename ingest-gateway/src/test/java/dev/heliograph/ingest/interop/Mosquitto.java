package dev.heliograph.ingest.interop;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.heliograph.ingest.interop.DeviceClient.Connection;
import dev.heliograph.ingest.interop.DeviceClient.Login;
import dev.heliograph.ingest.interop.DeviceClient.Refused;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The tools of Eclipse Mosquitto: {@code mosquitto_sub} is the connection, {@code mosquitto_pub} publishes beside it by a
 * client id of the same device. What happened is read from what they print with {@code -d}.
 */
final class Mosquitto implements DeviceClient {
    private static final Path SUB = Path.of("/usr/bin/mosquitto_sub");
    private static final Path PUB = Path.of("/usr/bin/mosquitto_pub");
    private static final Pattern CONNACK = Pattern.compile("received CONNACK \\((\\d+)\\)");
    private static final Pattern PUBACK = Pattern.compile("received PUBACK \\(Mid: \\d+, RC:(\\d+)\\)");
    private static final Pattern SUBSCRIBED = Pattern.compile("Subscribed \\(mid: \\d+\\): (\\d+)");
    private static final long PATIENCE_SECONDS = 20;

    private final boolean mqtt5;

    Mosquitto(boolean mqtt5) {
        this.mqtt5 = mqtt5;
    }

    static boolean isInstalled() {
        return Files.isExecutable(SUB) && Files.isExecutable(PUB);
    }

    @Override
    public boolean isMqtt5() {
        return mqtt5;
    }

    @Override
    public boolean hasWebSocket() {
        return false;
    }

    @Override
    public boolean showsDisconnectCode() {
        return false;
    }

    /** Two tools are two connections; {@code mosquitto_sub} connects again when it is cut off, and leaves with its Will. */
    @Override
    public boolean isOneConnection() {
        return false;
    }

    @Override
    public Connection connect(Login login) throws Exception {
        return new Tools(login);
    }

    private final class Tools implements Connection {
        private final Login login;
        private final Running holder;

        Tools(Login login) throws Exception {
            this.login = login;
            List<String> command = command(SUB, login, login.clientId());
            if (login.willTopic() != null) {
                command.addAll(
                        List.of("--will-topic", login.willTopic(), "--will-payload", "offline", "--will-qos", "1"));
            }
            // It does not connect without something to subscribe to; the own errors topic does no harm.
            command.addAll(List.of("-q", "1", "-t", "iot/v1/" + login.user() + "/errors"));
            holder = new Running(command);
            int code = holder.await(CONNACK);
            if (code != 0) {
                holder.process.destroyForcibly();
                throw new Refused(code, null);
            }
            holder.await(SUBSCRIBED);
        }

        @Override
        public int publish(String topic, String payload, int qos) throws Exception {
            List<String> command = command(PUB, login, login.clientId() + ":pub");
            command.addAll(List.of("-q", "" + qos, "-t", topic, "-s"));
            Running publisher = new Running(command);
            publisher.process.outputWriter(UTF_8).append(payload).close();
            int code = qos == 0 ? 0 : publisher.await(PUBACK);
            publisher.process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
            return code;
        }

        @Override
        public BlockingQueue<String> subscribe(String filter) throws Exception {
            if (filter.endsWith("/" + login.user() + "/errors")) {
                return holder.messages;
            }
            List<String> command = command(SUB, login, login.clientId() + ":sub");
            command.addAll(List.of("-q", "1", "-t", filter));
            Running subscriber = new Running(command);
            int code = subscriber.await(SUBSCRIBED);
            subscriber.process.destroyForcibly();
            throw new Refused(code, null);
        }

        @Override
        public boolean isConnected() {
            return holder.process.isAlive();
        }

        @Override
        public int disconnectCode() {
            return -1;
        }

        @Override
        public void vanish() throws Exception {
            holder.process.destroyForcibly().waitFor();
        }

        @Override
        public void close() throws Exception {
            // It answers SIGTERM with a DISCONNECT.
            holder.process.destroy();
            if (!holder.process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                vanish();
            }
        }

        private List<String> command(Path tool, Login login, String clientId) {
            List<String> command = new ArrayList<>(List.of(
                    tool.toString(),
                    "-d",
                    "-V",
                    mqtt5 ? "mqttv5" : "mqttv311",
                    "-h",
                    "127.0.0.1",
                    "-p",
                    "" + login.port(),
                    "-i",
                    clientId,
                    "-u",
                    login.user(),
                    "-P",
                    login.password()));
            if (login.way().isEncrypted()) {
                command.addAll(List.of("--cafile", login.authority().toString()));
            }
            return command;
        }
    }

    /** A tool that runs, and what it has printed. */
    private static final class Running {
        private final Process process;
        private final Queue<String> lines = new ConcurrentLinkedQueue<>();
        private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();

        Running(List<String> command) throws IOException {
            List<String> unbuffered = new ArrayList<>(List.of("stdbuf", "-oL"));
            unbuffered.addAll(command);
            process = new ProcessBuilder(unbuffered).redirectErrorStream(true).start();
            Thread.ofVirtual().start(() -> {
                try (BufferedReader reader = process.inputReader(UTF_8)) {
                    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                        lines.add(line);
                        if (line.startsWith("{")) {
                            messages.add(line);
                        }
                    }
                } catch (IOException ended) {
                    lines.add("ended");
                }
            });
        }

        /** The number in the first line of this form. */
        int await(Pattern form) throws InterruptedException {
            long deadline =
                    System.nanoTime() + Duration.ofSeconds(PATIENCE_SECONDS).toNanos();
            while (System.nanoTime() < deadline) {
                for (String line : lines) {
                    Matcher match = form.matcher(line);
                    if (match.find()) {
                        return Integer.parseInt(match.group(1));
                    }
                }
                if (process.waitFor(20, TimeUnit.MILLISECONDS) && System.nanoTime() + 500_000_000L < deadline) {
                    // What it printed at its end is still on its way here.
                    deadline = System.nanoTime() + 500_000_000L;
                }
            }
            throw new IllegalStateException("no " + form + " in " + lines);
        }
    }
}
