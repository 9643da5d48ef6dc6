package dev.heliograph.query.data;

import java.io.Writer;
import org.jspecify.annotations.Nullable;

/** One JSON object a line; what has no value is left out, but for the keys, which are null. */
final class NdjsonRows extends RowFormat {
    private static final char FIRST_PLAIN = ' ';

    NdjsonRows(Heading heading, Writer out) {
        super(heading, out);
    }

    @Override
    CharSequence header() {
        return "";
    }

    @Override
    void begin(StringBuilder row) {
        row.append('{');
    }

    @Override
    void text(StringBuilder row, String name, @Nullable String value) {
        if (value == null && !heading().keys().contains(name)) {
            return;
        }
        name(row, name);
        if (value == null) {
            row.append("null");
        } else if (name.equals("others")) {
            row.append(value);
        } else {
            quoted(row, value);
        }
    }

    @Override
    void number(StringBuilder row, String name, double value) {
        if (!Double.isNaN(value)) {
            name(row, name);
            row.append(value);
        }
    }

    @Override
    void whole(StringBuilder row, String name, long value) {
        name(row, name);
        row.append(value);
    }

    @Override
    void end(StringBuilder row) {
        row.append("}\n");
    }

    private static void name(StringBuilder row, String name) {
        if (row.length() > 1) {
            row.append(',');
        }
        quoted(row, name);
        row.append(':');
    }

    static void quoted(StringBuilder row, String value) {
        row.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                row.append('\\').append(c);
            } else if (c < FIRST_PLAIN || c == '\u2028' || c == '\u2029') {
                row.append("\\u%04x".formatted((int) c));
            } else {
                row.append(c);
            }
        }
        row.append('"');
    }
}
