package dev.heliograph.query.search;

import dev.heliograph.model.id.MetricName;
import dev.heliograph.query.search.TextMatch.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Searches at random, over a small world in which most of them find something and leave something out. */
public final class RandomSearches {
    public static final List<String> SITES = List.of("lyon", "lyon-2", "oslo", "x");
    public static final List<String> TYPES = List.of("boiler", "Boiler", "pump 100%", "p_mp", "pump,x", "\"q\"");
    public static final List<String> FIRMWARE = List.of("2.3", "2.30", "2.3.1", "1.0-rc:1", "\\");
    public static final List<String> NAMES =
            List.of("Boiler 7", "boiler seven", "50% off", "a_b", "aXb", "Ünit", "back\\slash", "-minus", "star*");
    public static final List<String> KEYS = List.of("line", "my key", "q\"k", "owner");
    public static final List<String> METRICS = List.of("temp", "humidity", "mode");
    public static final List<String> TEXTS = List.of("heating", "off", "21", "x");
    public static final List<String> STATES = List.of("reporting", "late", "silent", "offline", "unknown");

    /** How long ago devices were heard of: far from the ages that are asked for, because time passes meanwhile. */
    public static final List<Duration> SEEN =
            List.of(Duration.ofSeconds(20), Duration.ofMinutes(30), Duration.ofHours(5), Duration.ofDays(3));

    private static final List<Duration> AGES =
            List.of(Duration.ofMinutes(15), Duration.ofHours(2), Duration.ofDays(1), Duration.ofDays(7));
    private static final int MOST_DEPTH = 3;

    private final Random random;

    public RandomSearches(long seed) {
        this.random = new Random(seed);
    }

    public Search next() {
        return all(0);
    }

    private Search all(int depth) {
        return new Search(IntStream.range(0, 1 + random.nextInt(depth == 0 ? 3 : 2))
                .mapToObj(i -> depth < MOST_DEPTH && random.nextInt(5) == 0 ? anyOf(depth + 1) : term())
                .toList());
    }

    /** At least two alternatives, unless it is negated: parentheses around one change nothing. */
    private Term anyOf(int depth) {
        boolean negated = random.nextInt(3) == 0;
        int alternatives = (negated ? 1 : 2) + random.nextInt(2);
        return new Term.AnyOf(
                negated,
                IntStream.range(0, alternatives).mapToObj(i -> all(depth)).toList());
    }

    private Term term() {
        boolean negated = random.nextInt(3) == 0;
        return switch (random.nextInt(5)) {
            case 4 ->
                new Term.Seen(
                        negated,
                        List.of(Operator.ABOVE, Operator.AT_LEAST, Operator.BELOW, Operator.AT_MOST)
                                .get(random.nextInt(4)),
                        AGES.get(random.nextInt(4)));
            case 0 ->
                new Term.Word(negated, part(random.nextInt(4) == 0 ? List.of("d1", "D", "d07", "%", "_") : NAMES));
            case 1 -> number(negated);
            case 2 ->
                new Term.TextComparison(
                        negated, metric(), random.nextBoolean() ? Operator.EQUAL : Operator.OTHER, of(TEXTS));
            default -> attribute(negated);
        };
    }

    private Term number(boolean negated) {
        double bound = random.nextInt(5) == 0 ? random.nextDouble() * 40 - 5 : random.nextInt(35) - 2;
        return new Term.NumberComparison(negated, metric(), Operator.values()[random.nextInt(6)], bound);
    }

    private Term attribute(boolean negated) {
        if (random.nextInt(4) == 0) {
            return new Term.Attribute(negated, new Field.Label(of(KEYS)), some(NAMES, true));
        }
        Field.Known field = Field.Known.values()[random.nextInt(Field.Known.values().length)];
        List<TextMatch> anyOf = switch (field) {
            case ID -> some(List.of("d001", "d07", "d", "D001"), true);
            case NAME -> some(NAMES, true);
            case TYPE -> some(TYPES, true);
            case SITE -> some(SITES, true);
            case FIRMWARE -> some(FIRMWARE, true);
            case STATUS -> some(STATES, false);
            case ENABLED -> some(List.of("true", "false"), false);
            case METRIC -> some(METRICS, true);
            case ALERT -> some(List.of("critical", "warning", "info"), false);
        };
        return new Term.Attribute(negated, field, anyOf);
    }

    private List<TextMatch> some(List<String> of, boolean prefixes) {
        List<TextMatch> anyOf = new ArrayList<>();
        for (int i = 0; i < 1 + random.nextInt(3); i++) {
            int how = random.nextInt(8);
            anyOf.add(
                    how == 0
                            ? TextMatch.ANY
                            : prefixes && how < 4 ? beginning(of(of)) : new TextMatch(Kind.PLAIN, of(of)));
        }
        return anyOf;
    }

    /** A part of one of them, sometimes in another case. */
    private TextMatch part(List<String> of) {
        String text = of(of);
        int from = random.nextInt(text.length());
        String cut = text.substring(from, from + 1 + random.nextInt(text.length() - from));
        String shown = cut.isBlank() ? text : cut;
        String cased = random.nextBoolean() ? upper(shown) : shown;
        return new TextMatch(random.nextBoolean() ? Kind.PLAIN : Kind.PREFIX, cased);
    }

    private TextMatch beginning(String text) {
        return new TextMatch(Kind.PREFIX, text.substring(0, 1 + random.nextInt(text.length())));
    }

    // ASCII only: beyond it what case is depends on the locale of the database.
    private static String upper(String text) {
        StringBuilder upper = new StringBuilder();
        text.chars().forEach(c -> upper.append((char) (c >= 'a' && c <= 'z' ? c - 32 : c)));
        return upper.toString();
    }

    private MetricName metric() {
        return new MetricName(of(METRICS));
    }

    private String of(List<String> values) {
        return values.get(random.nextInt(values.size()));
    }
}
