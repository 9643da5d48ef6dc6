package dev.heliograph.storage;

import java.util.List;

/** What is kept for one and the same time: the rows of one fineness. */
public enum DataClass {
    /** Measurements and states. */
    RAW("raw", List.of(new Table("measurement", "ts"), new Table("state_change", "ts"))),
    /** Summaries of 10 s. */
    TEN_SECONDS("10s", List.of(new Table("window_10s", "start_at"))),
    /** Summaries of 1 min. */
    MINUTE("1m", List.of(new Table("window_1m", "start_at"))),
    /** Summaries of 1 h. */
    HOUR("1h", List.of(new Table("window_1h", "start_at")));

    /** A table of rows by series and time. */
    record Table(String name, String timeColumn) {}

    private final String label;
    private final List<Table> tables;

    DataClass(String label, List<Table> tables) {
        this.label = label;
        this.tables = tables;
    }

    /** Its name in the table {@code retention} and in the API. */
    public String label() {
        return label;
    }

    List<Table> tables() {
        return tables;
    }
}
