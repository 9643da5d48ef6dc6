package dev.heliograph.query.devices;

import dev.heliograph.query.problem.Problems;
import org.jspecify.annotations.Nullable;

/** Orders of the list. The texts are SQL of ours; nothing of a caller gets into it. */
enum DeviceSort {
    ID("id", "d.id", "text", true),
    ID_DESCENDING("-id", "d.id", "text", false),
    NAME("name", "d.name", "text", true),
    NAME_DESCENDING("-name", "d.name", "text", false),
    LAST_SEEN("lastSeen", "COALESCE(p.last_seen, '-infinity'::timestamptz)", "timestamptz", true),
    LAST_SEEN_DESCENDING("-lastSeen", "COALESCE(p.last_seen, '-infinity'::timestamptz)", "timestamptz", false),
    /** Worst first. */
    STATUS(
            "status",
            "array_position(ARRAY['" + String.join("', '", JdbcStatusOrder.WORST_FIRST)
                    + "'], COALESCE(p.state, 'unknown'))",
            "integer",
            true);

    final String parameter;
    final String expression;
    final String sqlType;
    final boolean ascending;

    DeviceSort(String parameter, String expression, String sqlType, boolean ascending) {
        this.parameter = parameter;
        this.expression = expression;
        this.sqlType = sqlType;
        this.ascending = ascending;
    }

    static DeviceSort of(@Nullable String parameter) {
        if (parameter == null) {
            return ID;
        }
        for (DeviceSort sort : values()) {
            if (sort.parameter.equals(parameter)) {
                return sort;
            }
        }
        throw Problems.badParameter("sort", "must be id, -id, name, -name, lastSeen, -lastSeen or status");
    }

    String orderBy() {
        String direction = ascending ? "" : " DESC";
        return isId() ? " ORDER BY d.id" + direction : " ORDER BY " + expression + direction + ", d.id" + direction;
    }

    /** Rows behind the last one seen, by the parameters {@code afterKey} and {@code afterId}. */
    String after() {
        String behind = ascending ? ">" : "<";
        // The plain comparison is one that the primary key answers.
        return isId()
                ? " AND d.id " + behind + " :afterId"
                : " AND (" + expression + ", d.id) " + behind + " (:afterKey::" + sqlType + ", :afterId)";
    }

    private boolean isId() {
        return this == ID || this == ID_DESCENDING;
    }
}
