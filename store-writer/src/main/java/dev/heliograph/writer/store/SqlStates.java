package dev.heliograph.writer.store;

import java.sql.SQLException;

/** Reads PostgreSQL's SQLSTATE: what kind of failure it is. Source: PostgreSQL manual, appendix A. */
final class SqlStates {
    static final String UNIQUE_VIOLATION = "23505";

    private SqlStates() {}

    static StoreFailure classify(SQLException failure) {
        String state = String.valueOf(failure.getSQLState());
        // The first line only: the others may quote the row, which belongs in no log.
        String text = String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
        String message = "SQLSTATE " + state + ": " + text;
        String family = state.length() >= 2 ? state.substring(0, 2) : "";
        return switch (family) {
            // Serialization failure, deadlock.
            case "40" -> new StoreFailure.Contended(message, failure);
            // Cardinality violation, data exception, integrity violation, program limit exceeded: a fault of the row.
            case "21", "22", "23", "54" -> new StoreFailure.Refused(message, failure);
            // Everything else is a fault of the store or of its schema (connection lost, shutdown, disk full,
            // read-only,
            // missing table): waiting may heal it, while giving up would lose good data.
            default -> new StoreFailure.Unavailable(message, failure);
        };
    }
}
