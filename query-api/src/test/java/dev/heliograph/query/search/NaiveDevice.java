package dev.heliograph.query.search;

import dev.heliograph.query.search.TextMatch.Kind;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A device in memory, and whether a search finds it: by the words of the guide, one device at a time. */
record NaiveDevice(
        String id,
        String name,
        @Nullable String type,
        @Nullable String site,
        @Nullable String firmware,
        boolean enabled,
        Map<String, String> labels,
        @Nullable String state,
        Map<String, Double> numbers,
        Map<String, String> texts,
        Set<String> firing,
        @Nullable Duration seenByPresence,
        @Nullable Duration seenBySamples) {
    boolean isFoundBy(Search search) {
        return search.terms().stream().allMatch(term -> fulfils(term) != term.negated());
    }

    /** How long ago it was heard of, as a device shows it; null where presence has never heard of it. */
    private @Nullable Duration seen() {
        if (seenByPresence == null || seenBySamples == null) {
            return seenByPresence;
        }
        return seenByPresence.compareTo(seenBySamples) < 0 ? seenByPresence : seenBySamples;
    }

    private boolean fulfils(Term term) {
        return switch (term) {
            case Term.Word word ->
                Stream.of(id, name)
                        .map(NaiveDevice::lower)
                        .anyMatch(text -> word.text().kind() == Kind.PREFIX
                                ? text.startsWith(lower(word.text().text()))
                                : text.contains(lower(word.text().text())));
            case Term.Attribute attribute ->
                attribute.anyOf().stream()
                        .anyMatch(match -> values(attribute.field()).stream()
                                .anyMatch(value -> attribute.field() == Field.Known.NAME
                                        ? holds(new TextMatch(match.kind(), lower(match.text())), lower(value))
                                        : holds(match, value)));
            case Term.NumberComparison number -> {
                Double value = numbers.get(number.metric().value());
                yield value != null && compare(value, number.operator(), number.number());
            }
            case Term.TextComparison text -> {
                String value = texts.get(text.metric().value());
                yield value != null && value.equals(text.text()) == (text.operator() == Operator.EQUAL);
            }
            case Term.Seen seen -> {
                Duration age = seen();
                yield age != null
                        && compare(age.toSeconds(), seen.operator(), seen.age().toSeconds());
            }
            case Term.AnyOf anyOf -> anyOf.alternatives().stream().anyMatch(this::isFoundBy);
        };
    }

    private Collection<String> values(Field field) {
        return switch (field) {
            case Field.Label label -> given(labels.get(label.key()));
            case Field.Known known ->
                switch (known) {
                    case ID -> List.of(id);
                    case NAME -> List.of(name);
                    case TYPE -> given(type);
                    case SITE -> given(site);
                    case FIRMWARE -> given(firmware);
                    case STATUS -> List.of(state == null ? "unknown" : state);
                    case ENABLED -> List.of(Boolean.toString(enabled));
                    case METRIC ->
                        Stream.concat(numbers.keySet().stream(), texts.keySet().stream())
                                .toList();
                    case ALERT -> firing;
                };
        };
    }

    private static List<String> given(@Nullable String text) {
        return text == null ? List.of() : List.of(text);
    }

    private static boolean holds(TextMatch match, String value) {
        return switch (match.kind()) {
            case ANY -> true;
            case PREFIX -> value.startsWith(match.text());
            case PLAIN -> Objects.equals(value, match.text());
        };
    }

    private static boolean compare(double value, Operator operator, double other) {
        return switch (operator) {
            case ABOVE -> value > other;
            case AT_LEAST -> value >= other;
            case BELOW -> value < other;
            case AT_MOST -> value <= other;
            case EQUAL -> value == other;
            case OTHER -> value != other;
        };
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
