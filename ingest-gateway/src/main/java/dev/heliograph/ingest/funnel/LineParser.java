package dev.heliograph.ingest.funnel;

import dev.heliograph.model.id.MetricName;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One pass over the lines of a message. Not thread-safe. */
final class LineParser {
    private static final int MAX_NUMBER_LENGTH = 100;
    private static final int MAX_LONG_DIGITS = 18;
    private static final int MAX_LINE_TAGS = 32;
    private static final long MAX_EXACT_INTEGER = 1L << 53;
    private static final String UNNAMED_FIELD = "value";

    private final String text;
    private final Decoding in;
    private final TimePrecision precision;
    private final ReadingBuilder out;
    private final StringBuilder token = new StringBuilder();
    private int at;
    private int end;
    private String pointer = "";

    LineParser(String text, Decoding in, TimePrecision precision, ReadingBuilder out) {
        this.text = text;
        this.in = in;
        this.precision = precision;
        this.out = out;
    }

    /** Reads all lines; says how many there were, comments and empty ones left out. */
    int lines() {
        int index = 0;
        while (at < text.length()) {
            end = lineEnd(at);
            int next = end + 1;
            if (end > at && text.charAt(end - 1) == '\r') {
                end--;
            }
            skipSpaces();
            if (at < end && text.charAt(at) != '#') {
                if (index == in.limits().maxMembers()) {
                    throw new Rejected(
                            Reason.TOO_MANY, "more than " + in.limits().maxMembers() + " lines");
                }
                line(index++);
            }
            at = next;
        }
        if (index == 0) {
            throw new Rejected(Reason.SHAPE, "no line");
        }
        return index;
    }

    /** The end of the line that begins here: a line feed within quotes is part of a text. */
    private int lineEnd(int from) {
        boolean quoted = false;
        boolean fields = false;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '"' && fields) {
                quoted = !quoted;
            } else if (c == ' ') {
                fields = true;
            } else if (c == '\n' && !quoted) {
                return i;
            }
        }
        return text.length();
    }

    private void line(int index) {
        pointer = "/" + index;
        out.begin(in.device(), index, pointer);
        try {
            String prefix = series();
            fields(prefix);
            time();
        } catch (Rejected malformed) {
            out.fail(malformed.refusal().reason(), malformed.refusal().detail(), pointer);
        }
        out.finish();
    }

    /** The measurement and its tags, as the beginning of the metrics' names. */
    private String series() {
        String measurement = name(", ");
        Map<String, String> tags = null;
        while (at < end && text.charAt(at) == ',') {
            at++;
            String key = name("=, ");
            expect('=');
            String value = name(", ");
            tags = tags == null ? new TreeMap<>() : tags;
            if (tags.size() == MAX_LINE_TAGS) {
                throw new Rejected(Reason.TOO_MANY, "more than " + MAX_LINE_TAGS + " tags");
            }
            if (tags.put(key, value) != null) {
                throw new Rejected(Reason.DUPLICATE_KEY, "a tag is there twice");
            }
        }
        return tags == null ? measurement : withTags(measurement, tags);
    }

    private String withTags(String measurement, Map<String, String> tags) {
        StringBuilder prefix = new StringBuilder(measurement);
        tags.forEach((key, value) -> {
            if (Identity.isClaim(key)) {
                if (!Identity.isTrue(key, value, in.device())) {
                    throw new Rejected(Reason.IDENTITY_MISMATCH, "the tag " + key + " is not who is connected");
                }
            } else if (!in.options().ignoredTags().contains(key)) {
                prefix.append('.').append(value);
            }
        });
        return prefix.toString();
    }

    private void fields(String prefix) {
        expect(' ');
        skipSpaces();
        int fields = 0;
        do {
            if (++fields > in.limits().maxMembers()) {
                throw new Rejected(Reason.TOO_MANY, "more than " + in.limits().maxMembers() + " fields");
            }
            String field = name("=, ");
            expect('=');
            String name = field.equals(UNNAMED_FIELD) ? prefix : prefix + "." + field;
            MetricName metric = MetricNames.find(name);
            if (metric == null) {
                out.fault(Reason.METRIC_NAME, "not a metric name", ReadingBuilder.below(pointer, field), null);
            } else if (out.has(metric)) {
                out.fault(Reason.DUPLICATE_KEY, "a field is there twice", ReadingBuilder.below(pointer, field), metric);
                metric = null;
            }
            value(metric, field);
        } while (take(','));
    }

    private void value(@Nullable MetricName metric, String field) {
        if (at < end && text.charAt(at) == '"') {
            String value = quoted();
            if (metric != null) {
                out.state(metric, value, pointer, field);
            }
            return;
        }
        int from = at;
        while (at < end && text.charAt(at) != ',' && text.charAt(at) != ' ') {
            at++;
        }
        String value = text.substring(from, at);
        if (value.length() > MAX_NUMBER_LENGTH) {
            throw new Rejected(Reason.TOO_MANY, "a number of more than " + MAX_NUMBER_LENGTH + " characters");
        }
        switch (value) {
            case "t", "T", "true", "True", "TRUE" -> flag(metric, true);
            case "f", "F", "false", "False", "FALSE" -> flag(metric, false);
            default -> number(metric, field, value);
        }
    }

    private void flag(@Nullable MetricName metric, boolean value) {
        if (metric != null) {
            out.flag(metric, value);
        }
    }

    private void number(@Nullable MetricName metric, String field, String text) {
        double value;
        boolean exact = true;
        char last = text.isEmpty() ? ' ' : text.charAt(text.length() - 1);
        if (last == 'i' || last == 'u') {
            String digits = text.substring(0, text.length() - 1);
            if (!isInteger(digits) || last == 'u' && digits.startsWith("-")) {
                throw new Rejected(Reason.LINE, "a field that is no integer");
            }
            boolean fits = digits.length() <= MAX_LONG_DIGITS;
            value = fits ? Long.parseLong(digits) : Double.parseDouble(digits);
            exact = fits && Math.abs(Long.parseLong(digits)) <= MAX_EXACT_INTEGER;
        } else if (isDecimal(text)) {
            value = Double.parseDouble(text);
        } else {
            value = notANumber(text);
        }
        if (metric != null) {
            out.number(metric, value, exact, null, pointer, field);
        }
    }

    private static double notANumber(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "nan", "inf", "+inf", "-inf", "infinity", "+infinity", "-infinity" -> Double.NaN;
            default -> throw new Rejected(Reason.LINE, "a field that is neither number, text nor boolean");
        };
    }

    private void time() {
        skipSpaces();
        if (at == end) {
            return;
        }
        int from = at;
        while (at < end && text.charAt(at) != ' ') {
            at++;
        }
        String digits = text.substring(from, at);
        skipSpaces();
        if (at < end || !isInteger(digits)) {
            throw new Rejected(Reason.BAD_TS, "a time that is no integer, or something behind it");
        }
        long count = digits.length() > MAX_LONG_DIGITS + 1 ? tooLong(digits) : parse(digits);
        out.time(precision.micros(count), pointer);
    }

    /** What is beyond a long is far out of range whatever its unit. */
    private static long tooLong(String digits) {
        return digits.startsWith("-") ? Long.MIN_VALUE : Long.MAX_VALUE;
    }

    private static long parse(String digits) {
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException beyond) {
            return tooLong(digits);
        }
    }

    private static boolean isInteger(String text) {
        int from = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
        for (int i = from; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return text.length() > from;
    }

    /** Digits with sign, point and exponent: less than what {@link Double#parseDouble} takes. */
    private static boolean isDecimal(String text) {
        int i = 0;
        int length = text.length();
        if (i < length && (text.charAt(i) == '-' || text.charAt(i) == '+')) {
            i++;
        }
        int whole = digits(text, i);
        int next = i + whole;
        int fraction = 0;
        if (next < length && text.charAt(next) == '.') {
            fraction = digits(text, next + 1);
            next += 1 + fraction;
        }
        if (whole + fraction == 0) {
            return false;
        }
        if (next < length && (text.charAt(next) == 'e' || text.charAt(next) == 'E')) {
            next++;
            if (next < length && (text.charAt(next) == '-' || text.charAt(next) == '+')) {
                next++;
            }
            int exponent = digits(text, next);
            if (exponent == 0) {
                return false;
            }
            next += exponent;
        }
        return next == length;
    }

    private static int digits(String text, int from) {
        int i = from;
        while (i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9') {
            i++;
        }
        return i - from;
    }

    /** A name up to one of the ends; a backslash takes the special meaning of what follows. */
    private String name(String ends) {
        int from = at;
        boolean escaped = false;
        while (at < end && ends.indexOf(text.charAt(at)) < 0) {
            if (text.charAt(at) == '\\' && at + 1 < end && ",= \\".indexOf(text.charAt(at + 1)) >= 0) {
                escaped = true;
                at++;
            }
            at++;
        }
        if (at == from) {
            throw new Rejected(Reason.LINE, "an empty name");
        }
        if (at - from > DocumentReader.MAX_NAME_LENGTH) {
            throw new Rejected(
                    Reason.TOO_MANY, "a name of more than " + DocumentReader.MAX_NAME_LENGTH + " characters");
        }
        return escaped ? unescaped(from, at, ",= \\") : text.substring(from, at);
    }

    private String quoted() {
        int from = ++at;
        while (at < end && text.charAt(at) != '"') {
            at += text.charAt(at) == '\\' ? 2 : 1;
        }
        if (at >= end) {
            throw new Rejected(Reason.LINE, "a text without end");
        }
        String value = unescaped(from, at, "\"\\");
        at++;
        return value;
    }

    private String unescaped(int from, int to, String special) {
        token.setLength(0);
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            boolean escape = c == '\\' && i + 1 < to && special.indexOf(text.charAt(i + 1)) >= 0;
            token.append(escape ? text.charAt(++i) : c);
        }
        return token.toString();
    }

    private void expect(char c) {
        if (!take(c)) {
            throw new Rejected(Reason.LINE, "no '" + c + "' where one should be");
        }
    }

    private boolean take(char c) {
        if (at < end && text.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    private void skipSpaces() {
        while (at < end && text.charAt(at) == ' ') {
            at++;
        }
    }
}
