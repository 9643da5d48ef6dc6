package dev.heliograph.query.web;

/**
 * Text in cells of CSV: RFC 4180, and what a spreadsheet would take for a formula begins with an apostrophe. {@link #read} takes
 * exactly those apostrophes away again, so that a file written here reads as what was written.
 */
public final class CsvText {
    private static final String FORMULA = "=+-@\t\r";

    private CsvText() {}

    /** Appends one cell, quoted where that is needed. */
    public static void append(StringBuilder row, String value) {
        boolean marked =
                isFormula(value, 0) || value.startsWith("'") && (isFormula(value, 1) || value.startsWith("''"));
        if (!marked && value.chars().noneMatch(c -> c == '"' || c == ',' || c == '\n' || c == '\r')) {
            row.append(value);
            return;
        }
        row.append('"')
                .append(marked ? "'" : "")
                .append(value.replace("\"", "\"\""))
                .append('"');
    }

    /** The text of a cell whose quotes are gone already. */
    public static String read(String cell) {
        return cell.startsWith("'") && (isFormula(cell, 1) || cell.startsWith("''")) ? cell.substring(1) : cell;
    }

    private static boolean isFormula(String text, int at) {
        return at < text.length() && FORMULA.indexOf(text.charAt(at)) >= 0;
    }
}
