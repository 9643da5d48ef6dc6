package dev.heliograph.local.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.function.Supplier;

/** Passwords and keys that are made up once and kept, one file each, readable by their owner only. */
public final class Secrets {
    /** Letters and digits that are not mistaken for one another when read aloud or typed: 5 bits each. */
    private static final String ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz";

    private static final SecureRandom RANDOM = new SecureRandom();

    private final Path directory;

    Secrets(Path directory) {
        this.directory = directory;
    }

    /** A secret that programs use, 128 bits or more; made up at first use. */
    public String key(String name) {
        return read(name, () -> random(32));
    }

    /** A password that people type: three groups of four, 59 bits; made up at first use. */
    public String password(String name) {
        return read(name, () -> random(4) + "-" + random(4) + "-" + random(4));
    }

    /** The secret if it has been made up already. */
    public Optional<String> existing(String name) {
        Path file = file(name);
        try {
            return Files.exists(file) ? Optional.of(Files.readString(file).strip()) : Optional.empty();
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot read " + file, failure);
        }
    }

    /** Where the secret of this name is kept. */
    public Path file(String name) {
        return directory.resolve(name);
    }

    /** The secrets of a directory, without holding its lock: for commands that talk to a running platform. */
    public static Secrets of(Path dataDirectory) {
        return new Secrets(dataDirectory.resolve("secrets"));
    }

    private String read(String name, Supplier<String> makeUp) {
        return existing(name).orElseGet(() -> write(name, makeUp.get()));
    }

    /** Written aside and moved, so that a crash leaves no half-written secret behind. */
    private String write(String name, String value) {
        try {
            OwnerOnly.createDirectories(directory);
            Path draft = directory.resolve(name + ".new");
            Files.deleteIfExists(draft);
            OwnerOnly.createFile(draft);
            Files.writeString(draft, value + "\n");
            Files.move(draft, file(name), StandardCopyOption.ATOMIC_MOVE);
            return value;
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot write the secret " + name + " in " + directory, failure);
        }
    }

    private static String random(int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(ALPHABET.charAt(RANDOM.nextInt(ALPHABET.length())));
        }
        return text.toString();
    }
}
