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
import java.util.stream.Collectors;

/**
 * What a run found, as Markdown: in {@code target/faults-NAME.md}, and between the marks of this name in the page that {@code
 * -Dheliograph.faults.report} names.
 */
final class FaultReport {
    private final List<Line> lines = new ArrayList<>();
    private final Instant started = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private final String name;
    private String replay = "not run";

    FaultReport(String name) {
        this.name = name;
    }

    private record Line(FaultResult result, Duration took) {}

    void add(FaultResult result, Duration took) {
        lines.add(new Line(result, took));
        System.out.printf(Locale.ROOT, "[faults] %s: %s, %.1f s%n", result.id(), verdict(result), seconds(took));
        // After each: a run that is ended early leaves what it found.
        write();
    }

    void replayed(List<String> differences) {
        replay = differences.isEmpty()
                ? "no difference"
                : differences.size() + " differences, the first: " + differences.getFirst();
    }

    /** Writes the report. */
    void write() {
        String text = text();
        try {
            Files.createDirectories(Path.of("target"));
            Files.writeString(Path.of("target", "faults-" + name + ".md"), text);
            String page = System.getProperty("heliograph.faults.report", "");
            if (!page.isEmpty()) {
                putBetweenMarks(Path.of(page), text);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
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
        text.append(Duration.between(started, Instant.now()).toSeconds()).append(" s, ");
        text.append(Runtime.getRuntime().availableProcessors()).append(" processors.\n\n");
        text.append(totals()).append('\n');
        text.append(
                "| fault | what | seed | times | sent | acknowledged | refused | sent again | rows | windows | alert steps "
                        + "| copies recognised | answer after | backlog | stored after | settled after | heap MB | verdict |\n");
        text.append("|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|---|---|\n");
        lines.forEach(line -> text.append(row(line.result())).append('\n'));
        text.append("\nRead again from Kafka into an empty database (C11): ")
                .append(replay)
                .append(".\n");
        return text.toString();
    }

    private String totals() {
        long sent = lines.stream().mapToLong(line -> line.result().sent()).sum();
        long acknowledged =
                lines.stream().mapToLong(line -> line.result().acknowledged()).sum();
        long rows = lines.stream().mapToLong(line -> line.result().rows()).sum();
        long windows = lines.stream().mapToLong(line -> line.result().windows()).sum();
        long steps = lines.stream().mapToLong(line -> line.result().steps()).sum();
        long times = lines.stream().mapToLong(line -> line.result().repeats()).sum();
        long kept = lines.stream().filter(line -> line.result().isKept()).count();
        return "%d messages sent, %d acknowledged; %d stored samples, %d windows and %d alert steps checked; a fault made and healed %d times; %d of %d runs kept every promise.%n"
                .formatted(sent, acknowledged, rows, windows, steps, times, kept, lines.size());
    }

    private static String row(FaultResult result) {
        String heap = result.heapMegabytes().entrySet().stream()
                .map(entry -> entry.getKey() + " " + entry.getValue())
                .collect(Collectors.joining(", "));
        return String.format(
                Locale.ROOT,
                "| %s | %s | %d | %d | %d | %d | %d | %d | %d | %d | %d | %d | %.1f s | %d | %.1f s | %.1f s | %s | %s |",
                result.id(),
                result.title(),
                result.seed(),
                result.repeats(),
                result.sent(),
                result.acknowledged(),
                result.refused(),
                result.resent(),
                result.rows(),
                result.windows(),
                result.steps(),
                result.duplicates(),
                seconds(result.slowestAnswer()),
                result.backlog(),
                seconds(result.catchUp()),
                seconds(result.settled()),
                heap,
                verdict(result));
    }

    private static String verdict(FaultResult result) {
        return result.isKept()
                ? "kept"
                : "BROKEN: " + result.broken().keySet() + (result.also().isEmpty() ? "" : " +");
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1_000.0;
    }
}
