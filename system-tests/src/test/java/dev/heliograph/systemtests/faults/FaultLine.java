package dev.heliograph.systemtests.faults;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A line of the report: what went how, as it is printed, kept in a file between the parts of a run.
 *
 * @param loadAverage of the machine when it ended, over the last minute
 */
record FaultLine(
        String id,
        String title,
        long seed,
        int repeats,
        long sent,
        long acknowledged,
        long refused,
        long resent,
        long rows,
        long windows,
        long steps,
        long duplicates,
        long answerMillis,
        long backlog,
        long catchUpMillis,
        long settledMillis,
        String heap,
        double loadAverage,
        long tookMillis,
        String verdict) {
    static final String HEAD = """
            | fault | what | seed | times | sent | acknowledged | refused | sent again | rows | windows | alert steps \
            | copies recognised | answer after | backlog | stored after | settled after | heap MB | load | verdict |
            |---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|---|--:|---|
            """;
    private static final String KEPT = "kept";
    private static final String SEPARATOR = "\t";

    static FaultLine of(FaultResult result, Duration took) {
        return new FaultLine(
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
                result.slowestAnswer().toMillis(),
                result.backlog(),
                result.catchUp().toMillis(),
                result.settled().toMillis(),
                result.heapMegabytes().entrySet().stream()
                        .map(entry -> entry.getKey() + " " + entry.getValue())
                        .collect(Collectors.joining(", ")),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
                took.toMillis(),
                result.isKept()
                        ? KEPT
                        : "BROKEN: " + result.broken().keySet() + (result.also().isEmpty() ? "" : " +"));
    }

    boolean isKept() {
        return verdict.equals(KEPT);
    }

    /** Whether it is of the same fault with the same chances: the later one counts. */
    boolean isAgain(FaultLine other) {
        return id.equals(other.id) && title.equals(other.title) && seed == other.seed;
    }

    /** A row of the table. */
    String toMarkdown() {
        return String.format(
                Locale.ROOT,
                "| %s | %s | %d | %d | %d | %d | %d | %d | %d | %d | %d | %d | %.1f s | %d | %.1f s | %.1f s | %s | %.1f | %s |",
                id,
                title,
                seed,
                repeats,
                sent,
                acknowledged,
                refused,
                resent,
                rows,
                windows,
                steps,
                duplicates,
                answerMillis / 1e3,
                backlog,
                catchUpMillis / 1e3,
                settledMillis / 1e3,
                heap,
                loadAverage,
                verdict);
    }

    /** One line of text that {@link #parse} reads. */
    String toText() {
        return List.of(
                        id,
                        title,
                        seed,
                        repeats,
                        sent,
                        acknowledged,
                        refused,
                        resent,
                        rows,
                        windows,
                        steps,
                        duplicates,
                        answerMillis,
                        backlog,
                        catchUpMillis,
                        settledMillis,
                        heap,
                        loadAverage,
                        tookMillis,
                        verdict)
                .stream()
                .map(String::valueOf)
                .collect(Collectors.joining(SEPARATOR));
    }

    static FaultLine parse(String text) {
        String[] field = text.split(SEPARATOR, -1);
        return new FaultLine(
                field[0],
                field[1],
                Long.parseLong(field[2]),
                Integer.parseInt(field[3]),
                Long.parseLong(field[4]),
                Long.parseLong(field[5]),
                Long.parseLong(field[6]),
                Long.parseLong(field[7]),
                Long.parseLong(field[8]),
                Long.parseLong(field[9]),
                Long.parseLong(field[10]),
                Long.parseLong(field[11]),
                Long.parseLong(field[12]),
                Long.parseLong(field[13]),
                Long.parseLong(field[14]),
                Long.parseLong(field[15]),
                field[16],
                Double.parseDouble(field[17]),
                Long.parseLong(field[18]),
                field[19]);
    }
}
