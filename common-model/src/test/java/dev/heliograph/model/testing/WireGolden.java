package dev.heliograph.model.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** The golden records of the topics, for the tests of those who read them. */
public final class WireGolden {
    private WireGolden() {}

    /** The bytes of a record, by the name of its file, with another text in place of one, as another version would write it. */
    public static byte[] changed(String name, String before, String after) {
        String golden = text(name);
        if (!golden.contains(before)) {
            throw new IllegalArgumentException(name + " does not contain " + before);
        }
        return golden.replace(before, after).getBytes(StandardCharsets.UTF_8);
    }

    private static String text(String name) {
        String path = "/wire/v1/" + name + ".json";
        try (InputStream in = Objects.requireNonNull(WireGolden.class.getResourceAsStream(path), path)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
