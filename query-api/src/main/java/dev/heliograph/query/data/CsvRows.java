package dev.heliograph.query.data;

import dev.heliograph.query.data.calc.Aggregate.Kind;
import dev.heliograph.query.web.CsvText;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * RFC 4180 with a header. Text that a spreadsheet would take for a formula is quoted and begins with an apostrophe; numbers
 * are left alone, so that a negative one stays a number.
 */
final class CsvRows extends RowFormat {
    CsvRows(Heading heading, Writer out) {
        super(heading, out);
    }

    @Override
    CharSequence header() {
        List<String> names = new ArrayList<>(heading().keys());
        if (heading().grouped()) {
            names.add("others");
        }
        names.addAll(List.of("metric", "unit", "time"));
        if (heading().raw()) {
            names.addAll(List.of("value", "text"));
        }
        heading().aggregates().stream()
                .filter(one -> one.kind() != Kind.TIME_IN_STATE)
                .forEach(one -> names.add(one.label()));
        if (timesInStates()) {
            names.addAll(List.of("state", "time-in-state"));
        }
        StringBuilder row = new StringBuilder();
        names.forEach(name -> text(row, name, name));
        end(row);
        return row;
    }

    @Override
    void begin(StringBuilder row) {}

    @Override
    void text(StringBuilder row, String name, @Nullable String value) {
        if (!row.isEmpty()) {
            row.append(',');
        } else if (value == null || value.isEmpty()) {
            row.append("\"\"");
            return;
        }
        if (value != null) {
            CsvText.append(row, value);
        }
    }

    @Override
    void number(StringBuilder row, String name, double value) {
        row.append(',');
        if (!Double.isNaN(value)) {
            row.append(value);
        }
    }

    @Override
    void whole(StringBuilder row, String name, long value) {
        row.append(',').append(value);
    }

    @Override
    void end(StringBuilder row) {
        row.append("\r\n");
    }
}
