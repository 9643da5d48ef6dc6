package dev.heliograph.query.search;

import dev.heliograph.model.id.MetricName;
import java.util.List;
import java.util.stream.Collectors;

/** One condition of a search. */
public sealed interface Term {
    /** Whether devices that fulfil it are left out instead. */
    boolean negated();

    /** As it is written in a search. */
    String written();

    /**
     * A text that id or name has, in whatever case: anywhere in it, or at its beginning.
     *
     * @param text never {@link TextMatch.Kind#ANY}
     */
    record Word(boolean negated, TextMatch text) implements Term {
        @Override
        public String written() {
            return sign(negated) + text.written();
        }
    }

    /**
     * A field that has one of some values. Letters count as they are, except in names.
     *
     * @param anyOf one or more
     */
    record Attribute(boolean negated, Field field, List<TextMatch> anyOf) implements Term {
        public Attribute {
            anyOf = List.copyOf(anyOf);
        }

        /** One whole value. */
        public static Attribute of(Field field, String value) {
            return new Attribute(false, field, List.of(new TextMatch(TextMatch.Kind.PLAIN, value)));
        }

        @Override
        public String written() {
            return sign(negated) + field.text() + ":"
                    + anyOf.stream().map(TextMatch::written).collect(Collectors.joining(","));
        }
    }

    /** The newest value of a metric, compared with a number. A device without one does not fulfil it. */
    record NumberComparison(boolean negated, MetricName metric, Operator operator, double number) implements Term {
        @Override
        public String written() {
            return sign(negated) + metric.value() + operator.text() + number;
        }
    }

    /** The newest text of a metric, compared with another. A device without one does not fulfil it. */
    record TextComparison(boolean negated, MetricName metric, Operator operator, String text) implements Term {
        @Override
        public String written() {
            return sign(negated) + metric.value() + operator.text() + TextMatch.quoted(text);
        }
    }

    private static String sign(boolean negated) {
        return negated ? "-" : "";
    }
}
