package dev.heliograph.query.search;

import dev.heliograph.model.id.MetricName;
import java.time.Duration;
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

    /**
     * How long ago the device was last heard of, compared with a time. A device never heard of does not fulfil it.
     *
     * @param operator one of {@link Operator#AT_LEAST}, {@link Operator#AT_MOST}, {@link Operator#ABOVE}, {@link Operator#BELOW}
     * @param age whole seconds
     */
    record Seen(boolean negated, Operator operator, Duration age) implements Term {
        /** Its name as it is written in a search. */
        static final String NAME = "seen";

        @Override
        public String written() {
            return sign(negated) + NAME + operator.text() + age.toSeconds() + "s";
        }
    }

    /**
     * Searches of which one must be fulfilled.
     *
     * @param alternatives one or more, none of them empty
     */
    record AnyOf(boolean negated, List<Search> alternatives) implements Term {
        public AnyOf {
            alternatives = List.copyOf(alternatives);
        }

        @Override
        public String written() {
            return sign(negated) + "("
                    + alternatives.stream().map(Search::written).collect(Collectors.joining(" or ")) + ")";
        }
    }

    private static String sign(boolean negated) {
        return negated ? "-" : "";
    }
}
