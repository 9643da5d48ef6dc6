package dev.heliograph.systemtests.faults.plant;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** One of our services as a process that can be killed and started again with the same settings. */
public final class Service {
    private static final Duration START_LIMIT = Duration.ofMinutes(3);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(3);
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();

    private final String name;
    private final Path log;
    private final int heapMegabytes;
    private final Map<String, String> settings;
    private final int managementPort;
    private String mainClass;
    private Build build;
    private final Map<String, String> surroundings;
    private Map<String, String> environment;
    private ChildProcess process;

    Service(
            String name,
            Path log,
            int heapMegabytes,
            Build build,
            String mainClass,
            Map<String, String> settings,
            Map<String, String> surroundings,
            int management) {
        this.name = name;
        this.surroundings = Map.copyOf(surroundings);
        this.environment = this.surroundings;
        this.log = log;
        this.heapMegabytes = heapMegabytes;
        this.build = build;
        this.mainClass = mainClass;
        this.managementPort = management;
        this.settings = new LinkedHashMap<>(settings);
        this.process = launch();
    }

    private ChildProcess launch() {
        List<String> arguments = settings.entrySet().stream()
                .map(entry -> "--" + entry.getKey() + "=" + entry.getValue())
                .toList();
        return ChildProcess.java(name, log, heapMegabytes, build, mainClass, arguments, environment);
    }

    public String name() {
        return name;
    }

    public ChildProcess process() {
        return process;
    }

    /** Where it keeps what it prints. */
    public Path log() {
        return log;
    }

    /** How much it has printed so far. */
    public long printed() {
        try {
            return Files.size(log);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Whether it has printed something since then, see {@link #printed}. */
    public boolean hasSaid(String text, long since) {
        try (InputStream all = Files.newInputStream(log)) {
            all.skipNBytes(since);
            return new String(all.readAllBytes(), StandardCharsets.UTF_8).contains(text);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Starts it again; returns at once. */
    public void restart() {
        if (process.isAlive()) {
            throw new IllegalStateException(name + " is still there");
        }
        process = launch();
    }

    /** The next start has these variables in its environment, beside the usual ones. */
    public void surroundBy(Map<String, String> variables) {
        Map<String, String> all = new LinkedHashMap<>(surroundings);
        all.putAll(variables);
        environment = Map.copyOf(all);
    }

    /** The next start runs another build. */
    public void replaceBy(Build another) {
        build = another;
    }

    /** The next start has this setting. */
    public void set(String setting, String value) {
        settings.put(setting, value);
    }

    /** The next start goes without this setting. */
    public void unset(String setting) {
        settings.remove(setting);
    }

    /** The next start runs another main class. */
    public void replaceBy(String newMainClass) {
        mainClass = newMainClass;
    }

    /** Waits until the readiness probe says so. */
    public void awaitReady() {
        Waiting.until(name + " is ready (see " + log + ")", START_LIMIT, this::isReady);
    }

    /** What an orchestrator would find; false as well where nothing answers. */
    public boolean isReady() {
        if (!process.isAlive()) {
            throw new IllegalStateException(name + " has ended by itself; see " + log);
        }
        try {
            return get("/actuator/health/readiness").statusCode() == 200;
        } catch (IOException notThere) {
            return false;
        }
    }

    /** The sum of a metric over its labels, as Prometheus would read it; empty where it is not there. */
    public OptionalDouble metric(String sample) {
        return metric(sample, "");
    }

    /** The same over the labels that contain a text. */
    public OptionalDouble metric(String sample, String label) {
        try {
            return metrics()
                    .lines()
                    .filter(line -> line.startsWith(sample)
                            && (line.charAt(sample.length()) == '{' || line.charAt(sample.length()) == ' ')
                            && line.contains(label))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .reduce(Double::sum);
        } catch (IOException notThere) {
            return OptionalDouble.empty();
        }
    }

    /** Heap that is in use after a full collection, in bytes. */
    public OptionalDouble heapAfterCollection() {
        try {
            Process jcmd = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "jcmd")
                                    .toString(),
                            String.valueOf(process.pid()),
                            "GC.run")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return jcmd.waitFor() == 0 ? metric("jvm_memory_used_bytes", "area=\"heap\"") : OptionalDouble.empty();
        } catch (IOException noSuchProgram) {
            return OptionalDouble.empty();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** The most heap that it may use, in bytes. */
    public double heapLimit() {
        return heapMegabytes * 1024.0 * 1024.0;
    }

    /** All metrics as text. */
    public String metrics() throws IOException {
        return get("/actuator/prometheus").body();
    }

    private HttpResponse<String> get(String path) throws IOException {
        try {
            return HTTP.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + managementPort + path))
                            .timeout(ANSWER_LIMIT)
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
