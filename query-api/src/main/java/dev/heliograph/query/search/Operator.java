package dev.heliograph.query.search;

import java.util.List;

/** How the newest value of a metric is compared. */
public enum Operator {
    AT_LEAST(">="),
    AT_MOST("<="),
    OTHER("!="),
    ABOVE(">"),
    BELOW("<"),
    EQUAL("=");

    /** Longer ones first: the first that fits is the one that was meant. */
    static final List<Operator> BY_LENGTH = List.of(values());

    private final String text;

    Operator(String text) {
        this.text = text;
    }

    /** As it is written in a search. */
    public String text() {
        return text;
    }

    /** The operator of SQL. */
    String sql() {
        return this == OTHER ? "<>" : text;
    }

    /** Whether texts can be compared by it: only for being the same or not. */
    boolean takesText() {
        return this == EQUAL || this == OTHER;
    }
}
