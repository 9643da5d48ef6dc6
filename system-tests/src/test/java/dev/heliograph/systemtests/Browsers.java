package dev.heliograph.systemtests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.opentest4j.TestAbortedException;

/**
 * Finds the browser of the tests: an installed Chromium or Chrome, else the one that an npm package carries.
 *
 * <p>The system property {@code heliograph.test.browser} narrows the search: {@code system} takes an installed one only
 * and downloads nothing, {@code npm} takes the package even where one is installed; {@code any}, the default, is the
 * order above.
 */
final class Browsers {
    static final String PROPERTY = "heliograph.test.browser";

    private static final List<Path> INSTALLED = List.of(
            Path.of("/usr/bin/chromium"),
            Path.of("/usr/bin/chromium-browser"),
            Path.of("/usr/bin/google-chrome"),
            Path.of("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"));

    private Browsers() {}

    /**
     * The first browser in the order of the class comment; may download one.
     *
     * @throws TestAbortedException where there is none, with the reason: the calling test counts as skipped
     * @throws IllegalArgumentException if the property has another value than those of the class comment
     */
    static BrowserLocation find() throws InterruptedException {
        String wanted = System.getProperty(PROPERTY, "any");
        return switch (wanted) {
            case "any" -> {
                Optional<BrowserLocation> installed = installed();
                yield installed.isPresent() ? installed.get() : fromNpm();
            }
            case "system" -> installed().orElseThrow(() -> skipped("none of " + INSTALLED + " is there", null));
            case "npm" -> fromNpm();
            default ->
                throw new IllegalArgumentException(PROPERTY + " must be any, system or npm, was '" + wanted + "'");
        };
    }

    private static Optional<BrowserLocation> installed() {
        return INSTALLED.stream()
                .filter(Files::isExecutable)
                .findFirst()
                .map(executable -> new BrowserLocation(executable, System.getenv()));
    }

    private static BrowserLocation fromNpm() throws InterruptedException {
        try {
            return NpmChromium.install();
        } catch (IOException failure) {
            throw skipped("the one from npm cannot be had: " + failure.getMessage(), failure);
        }
    }

    private static TestAbortedException skipped(String reason, @Nullable IOException cause) {
        return new TestAbortedException("No browser, so this test was skipped: " + reason, cause);
    }
}
