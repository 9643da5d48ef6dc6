package dev.heliograph.systemtests.faults.plant;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What the services know of the installation by name, and where it is: a table of hosts that their JVMs read instead of asking
 * the system ({@code jdk.net.hosts.file}). It changes while they run. Addresses are of the loopback network; only Linux has
 * all of them.
 */
public final class Names {
    private static final int FIRST_FREE = 2;

    private final Path file;
    private final Map<String, InetAddress> table = new TreeMap<>();
    private int given = FIRST_FREE;

    Names(Path file) {
        this.file = file;
        put("localhost", InetAddress.getLoopbackAddress());
        try {
            put(InetAddress.getLocalHost().getHostName(), InetAddress.getLoopbackAddress());
        } catch (UnknownHostException nameless) {
            // then no service asks for it either
        }
    }

    /** Whether there are addresses to move to. */
    static boolean isPossible() {
        return System.getProperty("os.name").equals("Linux");
    }

    /** What makes a JVM ask this table. */
    Map<String, String> environment() {
        return Map.of("JDK_JAVA_OPTIONS", "-Djdk.net.hosts.file=" + file);
    }

    /** Another address of the loopback network with every call. */
    synchronized InetAddress nextAddress() {
        try {
            return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) given++});
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** The name stands for this address. */
    synchronized void put(String name, InetAddress address) {
        table.put(name, address);
        write();
    }

    /** The name stands for nothing. */
    synchronized void remove(String name) {
        table.remove(name);
        write();
    }

    private void write() {
        String text = table.entrySet().stream()
                .map(entry -> entry.getValue().getHostAddress() + " " + entry.getKey() + "\n")
                .collect(Collectors.joining());
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Path fresh = Files.writeString(file.resolveSibling(file.getFileName() + ".new"), text);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
