package dev.heliograph.systemtests.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/**
 * What a run found, as Markdown: in {@code target/faults-NAME.md}, and between the marks of this name in the page that {@code
 * -Dheliograph.faults.report} names. With {@code -Dheliograph.faults.continue=true} it goes on with what former parts of the
 * run have left in {@code target/faults-NAME.lines}; a fault that is made again replaces its line.
 */
final class FaultReport {
    private static final String WHOLE = "all";

    private final List<FaultLine> lines = new ArrayList<>();
    private final List<String> replays = new ArrayList<>();
    private final String name;
    private Instant started = Instant.now().truncatedTo(ChronoUnit.SECONDS);

    FaultReport(String name) {
        this.name = name;
    }

    /** Takes over what former parts have left, where that is wanted. */
    void begin() {
        if (Boolean.getBoolean("heliograph.faults.continue") && Files.exists(file("lines"))) {
            try {
                List<String> former = Files.readAllLines(file("lines"));
                started = Instant.parse(former.getFirst());
                replays.addAll(List.of(former.get(1).split("\t", -1)));
                replays.removeIf(String::isEmpty);
                former.stream().skip(2).map(FaultLine::parse).forEach(lines::add);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }

    void add(FaultResult result, Duration took) {
        FaultLine line = FaultLine.of(result, took);
        if (!line.id().equals(WHOLE)) {
            lines.removeIf(line::isAgain);
        }
        lines.add(line);
        System.out.printf(
                Locale.ROOT,
                "[faults] %s: %s, answer after %.1f s, stored after %.1f s, settled after %.1f s, %.1f s%n",
                line.id(),
                line.verdict(),
                line.answerMillis() / 1e3,
                line.catchUpMillis() / 1e3,
                line.settledMillis() / 1e3,
                line.tookMillis() / 1e3);
        // After each: a run that is ended early leaves what it found.
        write();
    }

    void replayed(List<String> differences) {
        replays.add(
                differences.isEmpty()
                        ? "no difference"
                        : differences.size() + " differences, the first: " + differences.getFirst());
    }

    /** Writes the report. */
    void write() {
        String text = text();
        try {
            Files.createDirectories(Path.of("target"));
            Files.writeString(file("md"), text);
            Files.writeString(file("lines"), kept());
            String page = System.getProperty("heliograph.faults.report", "");
            if (!page.isEmpty()) {
                putBetweenMarks(Path.of(page), text);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private Path file(String kind) {
        return Path.of("target", "faults-" + name + "." + kind);
    }

    private String kept() {
        return started + "\n" + String.join("\t", replays) + "\n"
                + lines.stream().map(line -> line.toText() + "\n").collect(Collectors.joining());
    }

    private void putBetweenMarks(Path page, String text) throws IOException {
        String begin = "<!-- begin of the run: " + name + " -->\n";
        String end = "<!-- end of the run: " + name + " -->\n";
        String before = Files.readString(page);
        int from = before.indexOf(begin);
        int to = before.indexOf(end);
        if (from < 0 || to < from) {
            throw new IllegalStateException(page + " has no place for the run " + name);
        }
        Files.writeString(page, before.substring(0, from + begin.length()) + text + before.substring(to));
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        text.append("Run of ").append(started).append(", ").append(lines.size()).append(" runs of faults in ");
        text.append(sum(FaultLine::tookMillis) / 1_000).append(" s, ");
        text.append(Runtime.getRuntime().availableProcessors()).append(" processors.\n\n");
        text.append(totals()).append('\n').append(FaultLine.HEAD);
        lines.forEach(line -> text.append(line.toMarkdown()).append('\n'));
        text.append("\nRead again from Kafka into an empty database (C11): ")
                .append(replays.isEmpty() ? "not run" : String.join("; ", replays))
                .append(".\n");
        return text.toString();
    }

    private String totals() {
        long kept = lines.stream().filter(FaultLine::isKept).count();
        return "%d messages sent, %d acknowledged; %d stored samples, %d windows and %d alert steps checked; a fault made and healed %d times; %d of %d runs kept every promise.%n"
                .formatted(
                        sum(FaultLine::sent),
                        sum(FaultLine::acknowledged),
                        sum(FaultLine::rows),
                        sum(FaultLine::windows),
                        sum(FaultLine::steps),
                        sum(FaultLine::repeats),
                        kept,
                        lines.size());
    }

    private long sum(ToLongFunction<FaultLine> what) {
        return lines.stream().mapToLong(what).sum();
    }
}
