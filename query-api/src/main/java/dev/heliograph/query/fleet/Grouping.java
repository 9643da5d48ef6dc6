package dev.heliograph.query.fleet;

import dev.heliograph.query.problem.Problems;
import dev.heliograph.query.web.Text;
import org.jspecify.annotations.Nullable;

/**
 * What devices are put together by.
 *
 * @param sql expression of ours about the row {@code d}
 * @param label key of a label, the parameter {@code label} of the expression; null for anything else
 */
record Grouping(String sql, @Nullable String label) {
    private static final String LABEL = "label:";

    /** @throws dev.heliograph.query.problem.ProblemException 400 for anything else than the names of the interface */
    static Grouping of(String text) {
        return switch (text) {
            case "site" -> new Grouping("d.site", null);
            case "type" -> new Grouping("d.type", null);
            case "firmware" -> new Grouping("d.firmware", null);
            default -> {
                String key = text.startsWith(LABEL) ? text.substring(LABEL.length()) : "";
                if (key.isBlank() || key.length() > Text.MAX_LABEL_KEY) {
                    throw Problems.badParameter("groupBy", "must be site, type, firmware or label:KEY");
                }
                yield new Grouping("d.labels ->> CAST(:label AS text)", key);
            }
        };
    }
}
