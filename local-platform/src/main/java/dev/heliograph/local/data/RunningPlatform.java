package dev.heliograph.local.data;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.Properties;

/**
 * What other commands need to know about the platform that runs on a data directory.
 *
 * @param processId the process that runs it
 * @param url the address of dashboard, API and sign-in, without a trailing slash
 * @param apiUrl where commands on this machine reach the same; differs from {@code url} when that is a public name
 * @param mqttHost the host that devices connect to
 * @param mqttPort the port that devices connect to
 */
public record RunningPlatform(long processId, URI url, URI apiUrl, String mqttHost, int mqttPort) {
    private static final String FILE = "running.properties";

    /** The platform that was last seen running on this directory, if it did not take its leave. */
    public static Optional<RunningPlatform> read(Path dataDirectory) {
        Path file = dataDirectory.resolve(FILE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot read " + file, failure);
        }
        return Optional.of(new RunningPlatform(
                Long.parseLong(properties.getProperty("processId")),
                URI.create(properties.getProperty("url")),
                URI.create(properties.getProperty("apiUrl")),
                properties.getProperty("mqttHost"),
                Integer.parseInt(properties.getProperty("mqttPort"))));
    }

    /** Tells the other commands. */
    public void write(Path dataDirectory) {
        Properties properties = new Properties();
        properties.setProperty("processId", Long.toString(processId));
        properties.setProperty("url", url.toString());
        properties.setProperty("apiUrl", apiUrl.toString());
        properties.setProperty("mqttHost", mqttHost);
        properties.setProperty("mqttPort", Integer.toString(mqttPort));
        Path draft = dataDirectory.resolve(FILE + ".new");
        try {
            try (Writer writer = Files.newBufferedWriter(draft)) {
                properties.store(writer, "The platform that runs here; removed when it stops");
            }
            Files.move(draft, dataDirectory.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot write " + draft, failure);
        }
    }

    /** Forgets the platform: it is stopping. */
    public static void remove(Path dataDirectory) {
        try {
            Files.deleteIfExists(dataDirectory.resolve(FILE));
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot delete " + FILE, failure);
        }
    }
}
