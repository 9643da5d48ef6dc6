package dev.heliograph.query.search;

import dev.heliograph.model.id.MetricName;
import dev.heliograph.query.search.TextMatch.Kind;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a search, left to right without going back: the time is that of its length.
 *
 * <pre>
 * search     := [either]
 * either     := all ("or" all)*
 * all        := item (space* item)*
 * item       := ["-"] ("(" either ")" | term)
 * term       := word | field ":" value ("," value)* | metric operator (number | text) | "seen" operator age
 * word       := text ["*"]
 * value      := text ["*"] | "*"
 * text       := characters without space and quote | '"' characters, with \" and \\ '"'
 * age        := digits ("s" | "m" | "h" | "d" | "w")
 * operator   := "&gt;=" | "&lt;=" | "!=" | "&gt;" | "&lt;" | "="
 * </pre>
 *
 * <p>The word {@code or} parts alternatives, in whatever case; in quotes it is a text like any other. A parenthesis opens
 * where an item may begin, and one that is open is closed by the next that is not in quotes; others are characters.
 */
public final class SearchParser {
    private static final Pattern NUMBER =
            Pattern.compile("[+-]?(?:[0-9]{1,30}(?:\\.[0-9]{0,30})?|\\.[0-9]{1,30})(?:[eE][+-]?[0-9]{1,4})?");
    private static final Pattern AGE = Pattern.compile("([0-9]{1,10})([smhdw])");
    private static final Duration MAX_AGE = Duration.ofDays(36_525);
    private static final int MAX_TEXT = 200;
    private static final int MAX_DEPTH = 10;
    private static final String OR = "or";

    private final String text;
    private final SearchLimits limits;
    private int at;
    private int depth;
    private int terms;
    private int values;
    private int comparisons;

    private SearchParser(String text, SearchLimits limits) {
        this.text = text;
        this.limits = limits;
    }

    /** The search that the text says, or where and why it says none. Never throws for whatever text. */
    public static Parsed parse(String text, SearchLimits limits) {
        try {
            return new Parsed.Good(new SearchParser(text, limits).search());
        } catch (Unreadable unreadable) {
            return new Parsed.Bad(unreadable.position, unreadable.reason);
        }
    }

    /** Ends the reading; never leaves this class. */
    private static final class Unreadable extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final int position;
        private final String reason;

        Unreadable(int position, String reason) {
            super(reason, null, false, false);
            this.position = position;
            this.reason = reason;
        }
    }

    private Search search() {
        if (text.length() > limits.maxCharacters()) {
            throw new Unreadable(limits.maxCharacters(), "a search may have " + limits.maxCharacters() + " characters");
        }
        checkCharacters();
        skipSpace();
        if (at == text.length()) {
            return Search.ALL;
        }
        List<Search> either = either();
        return either.size() == 1 ? either.getFirst() : new Search(List.of(new Term.AnyOf(false, either)));
    }

    /** Alternatives, up to the end of the text or of the parentheses. */
    private List<Search> either() {
        List<Search> alternatives = new ArrayList<>();
        List<Term> all = new ArrayList<>();
        int or = -1;
        skipSpace();
        while (at < text.length() && !closes()) {
            if (isOr()) {
                if (all.isEmpty()) {
                    throw needsBothSides(at);
                }
                or = at;
                alternatives.add(new Search(all));
                all = new ArrayList<>();
                at += OR.length();
            } else {
                all.addAll(item());
            }
            skipSpace();
        }
        if (all.isEmpty() && or >= 0) {
            throw needsBothSides(or);
        }
        alternatives.add(new Search(all));
        return alternatives;
    }

    private static Unreadable needsBothSides(int or) {
        return new Unreadable(or, "'or' needs something before and behind it; quotes take it as it is");
    }

    private boolean isOr() {
        int end = at + OR.length();
        return text.regionMatches(true, at, OR, 0, OR.length())
                && (end == text.length()
                        || Character.isWhitespace(text.charAt(end))
                        || text.charAt(end) == '('
                        || depth > 0 && text.charAt(end) == ')');
    }

    private boolean closes() {
        return depth > 0 && text.charAt(at) == ')';
    }

    /** One term, or what stands in parentheses: several terms where these change nothing. */
    private List<Term> item() {
        int start = at;
        boolean negated = text.charAt(at) == '-';
        if (negated) {
            at++;
            if (atEnd()) {
                throw new Unreadable(start, "'-' needs something behind it, without a space");
            }
        }
        if (text.charAt(at) == '(') {
            return parentheses(negated);
        }
        if (terms++ == limits.maxTerms()) {
            throw new Unreadable(start, "a search may have " + limits.maxTerms() + " terms");
        }
        return List.of(term(negated));
    }

    private List<Term> parentheses(boolean negated) {
        int open = at++;
        if (++depth > MAX_DEPTH) {
            throw new Unreadable(open, "parentheses may be " + MAX_DEPTH + " deep");
        }
        List<Search> either = either();
        if (at == text.length()) {
            throw new Unreadable(open, "the parenthesis is not closed; quotes take it as it is");
        }
        at++;
        depth--;
        if (either.getFirst().terms().isEmpty()) {
            throw new Unreadable(open, "there is nothing between the parentheses");
        }
        requireEnd("a space is needed behind the parenthesis");
        return either.size() == 1 && !negated ? either.getFirst().terms() : List.of(new Term.AnyOf(negated, either));
    }

    private void checkCharacters() {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean pair = Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            if (Character.isISOControl(c) && !Character.isWhitespace(c) || Character.isSurrogate(c) && !pair) {
                throw new Unreadable(i, "is not a character that can be looked for");
            }
            if (pair) {
                i++;
            }
        }
    }

    private Term term(boolean negated) {
        if (text.charAt(at) == '"') {
            return word(negated, at, quoted());
        }
        int from = at;
        while (!atEnd() && text.charAt(at) != ':' && text.charAt(at) != '"' && operator() == null) {
            at++;
        }
        String head = text.substring(from, at);
        if (atEnd()) {
            return bareWord(negated, from, head);
        }
        if (text.charAt(at) == '"') {
            return quotedLabel(negated, from, head);
        }
        return text.charAt(at) == ':' ? attribute(negated, from, head) : comparison(negated, from, head);
    }

    private Term bareWord(boolean negated, int from, String head) {
        int star = head.indexOf('*');
        if (star == 0) {
            throw new Unreadable(from, "'*' needs a beginning before it");
        }
        if (star > 0 && star < head.length() - 1) {
            throw new Unreadable(from + star, "'*' may only be the last character; quotes take it as it is");
        }
        return star < 0
                ? new Term.Word(negated, new TextMatch(Kind.PLAIN, head))
                : new Term.Word(negated, new TextMatch(Kind.PREFIX, head.substring(0, star)));
    }

    private Term word(boolean negated, int from, String quoted) {
        if (quoted.isBlank()) {
            throw new Unreadable(from, "there is nothing between the quotes");
        }
        boolean prefix = star();
        requireEnd("a space is needed behind the quote");
        return new Term.Word(negated, new TextMatch(prefix ? Kind.PREFIX : Kind.PLAIN, quoted));
    }

    private Term quotedLabel(boolean negated, int from, String head) {
        if (!head.equalsIgnoreCase(Field.PREFIX)) {
            throw new Unreadable(at, "a quote may stand at the beginning of a word or of a value");
        }
        int quote = at;
        String key = quoted();
        if (key.isBlank()) {
            throw new Unreadable(quote, "there is nothing between the quotes");
        }
        if (at >= text.length() || text.charAt(at) != ':') {
            throw new Unreadable(at, "':' and a value are needed behind the label");
        }
        return valuesOf(negated, from, new Field.Label(key));
    }

    private Term attribute(boolean negated, int from, String head) {
        if (head.isEmpty()) {
            throw new Unreadable(at, "a field is needed before ':'; quotes take it as it is");
        }
        Field field = Field.named(head)
                .orElseThrow(() -> new Unreadable(
                        from,
                        "'" + brief(head) + "' is not a field; there are " + Field.names()
                                + "; quotes take ':' as it is"));
        return valuesOf(negated, from, field);
    }

    private Term valuesOf(boolean negated, int from, Field field) {
        List<TextMatch> anyOf = new ArrayList<>();
        do {
            at++; // the colon, then commas
            if (++values > limits.maxValues()) {
                throw new Unreadable(at, "a search may have " + limits.maxValues() + " values");
            }
            anyOf.add(value(field));
        } while (at < text.length() && text.charAt(at) == ',');
        requireEnd("a space is needed behind the value");
        return new Term.Attribute(negated, field, anyOf);
    }

    private TextMatch value(Field field) {
        int from = at;
        boolean quoted = at < text.length() && text.charAt(at) == '"';
        String value = quoted ? quoted() : bareValue();
        boolean star = star();
        if (value.isEmpty() && star && !quoted) {
            return TextMatch.ANY;
        }
        if (value.isBlank()) {
            throw new Unreadable(
                    from, "a value is missing; " + field.text() + ":* is any value, -" + field.text() + ":* is none");
        }
        if (value.length() > MAX_TEXT) {
            throw new Unreadable(from, "a value may have " + MAX_TEXT + " characters");
        }
        checkValue(field, value, star, from);
        return new TextMatch(star ? Kind.PREFIX : Kind.PLAIN, value);
    }

    private static void checkValue(Field field, String value, boolean prefix, int from) {
        if (field instanceof Field.Known known
                && !known.allowed().isEmpty()
                && (prefix || !known.allowed().contains(value))) {
            String all = known.allowed().stream()
                    .sorted()
                    .reduce((a, b) -> a + ", " + b)
                    .orElse("");
            throw new Unreadable(
                    from, "'" + brief(value) + "' is not a value of " + known.text() + "; there are " + all);
        }
    }

    private String bareValue() {
        int from = at;
        while (!atEnd() && ",\"*".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return text.substring(from, at);
    }

    private Term comparison(boolean negated, int from, String head) {
        Operator operator = operator();
        if (operator == null) {
            throw new IllegalStateException("an operator was seen at " + at);
        }
        if (head.equalsIgnoreCase(Term.Seen.NAME)) {
            return seen(negated, operator);
        }
        if (head.isEmpty()) {
            throw new Unreadable(at, "a metric is needed before '" + operator.text() + "', without a space");
        }
        MetricName metric = MetricName.parse(head)
                .orElseThrow(() -> new Unreadable(
                        from, "'" + brief(head) + "' is not the name of a metric; quotes take it as it is"));
        if (++comparisons > limits.maxComparisons()) {
            throw new Unreadable(from, "a search may compare " + limits.maxComparisons() + " metrics");
        }
        at += operator.text().length();
        int valueAt = at;
        if (at < text.length() && text.charAt(at) == '"') {
            String value = quoted();
            requireEnd("a space is needed behind the quote");
            return textComparison(negated, metric, operator, value, valueAt);
        }
        while (!atEnd() && text.charAt(at) != '"') {
            at++;
        }
        requireEnd("a quote may stand at the beginning of a word or of a value");
        String value = text.substring(valueAt, at);
        if (value.equals("true") || value.equals("false")) {
            return new Term.NumberComparison(negated, metric, operator, value.equals("true") ? 1 : 0);
        }
        if (NUMBER.matcher(value).matches() && Double.isFinite(Double.parseDouble(value))) {
            return new Term.NumberComparison(negated, metric, operator, Double.parseDouble(value));
        }
        return textComparison(negated, metric, operator, value, valueAt);
    }

    private Term seen(boolean negated, Operator operator) {
        if (operator.takesText()) {
            throw new Unreadable(at, "an age is compared by > >= < or <=");
        }
        at += operator.text().length();
        int from = at;
        while (!atEnd()) {
            at++;
        }
        Matcher age = AGE.matcher(text.substring(from, at));
        if (!age.matches()) {
            throw new Unreadable(
                    from, "an age is needed behind '" + operator.text() + "', such as 90s, 5m, 1h, 2d or 1w");
        }
        Duration time = Duration.of(
                Long.parseLong(age.group(1)) * (age.group(2).equals("w") ? 7 : 1),
                switch (age.group(2)) {
                    case "s" -> ChronoUnit.SECONDS;
                    case "m" -> ChronoUnit.MINUTES;
                    case "h" -> ChronoUnit.HOURS;
                    default -> ChronoUnit.DAYS;
                });
        if (time.compareTo(MAX_AGE) > 0) {
            throw new Unreadable(from, "an age may be " + MAX_AGE.toDays() + " days");
        }
        return new Term.Seen(negated, operator, time);
    }

    private static Term textComparison(
            boolean negated, MetricName metric, Operator operator, String value, int valueAt) {
        if (!operator.takesText() || value.isEmpty()) {
            throw new Unreadable(valueAt, "a number is needed behind '" + operator.text() + "', without a space");
        }
        if (value.length() > MAX_TEXT) {
            throw new Unreadable(valueAt, "a value may have " + MAX_TEXT + " characters");
        }
        return new Term.TextComparison(negated, metric, operator, value);
    }

    private @org.jspecify.annotations.Nullable Operator operator() {
        for (Operator one : Operator.BY_LENGTH) {
            if (text.startsWith(one.text(), at)) {
                return one;
            }
        }
        return null;
    }

    private String quoted() {
        int quote = at++;
        StringBuilder read = new StringBuilder();
        while (at < text.length() && text.charAt(at) != '"') {
            if (text.charAt(at) == '\\' && at + 1 < text.length() && "\"\\".indexOf(text.charAt(at + 1)) >= 0) {
                at++;
            }
            read.append(text.charAt(at++));
        }
        if (at == text.length()) {
            throw new Unreadable(quote, "the quote is not closed");
        }
        at++;
        return read.toString();
    }

    private boolean star() {
        boolean star = at < text.length() && text.charAt(at) == '*';
        if (star) {
            at++;
        }
        return star;
    }

    private void requireEnd(String otherwise) {
        if (!atEnd()) {
            throw new Unreadable(at, otherwise);
        }
    }

    private boolean atEnd() {
        return at >= text.length() || Character.isWhitespace(text.charAt(at)) || closes();
    }

    private void skipSpace() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private static String brief(String shown) {
        return shown.length() <= 40 ? shown : shown.substring(0, 40) + "…";
    }
}
