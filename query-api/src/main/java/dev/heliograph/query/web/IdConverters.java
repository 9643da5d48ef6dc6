package dev.heliograph.query.web;

import dev.heliograph.model.id.DeviceId;
import dev.heliograph.model.id.MetricName;
import dev.heliograph.model.id.SiteId;
import dev.heliograph.query.problem.Problems;
import java.util.UUID;
import java.util.regex.Pattern;
import org.springframework.format.FormatterRegistry;

/** Reads identifiers from paths and parameters. What breaks the grammar can not exist: 400 with the grammar. */
final class IdConverters {
    private static final Pattern UUID_TEXT =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");
    private static final String SLUG = "must match [a-z0-9][a-z0-9_-]{0,63}";

    private IdConverters() {}

    static void register(FormatterRegistry registry) {
        registry.addConverter(
                String.class,
                DeviceId.class,
                text -> DeviceId.parse(text).orElseThrow(() -> Problems.badParameter("device", SLUG)));
        registry.addConverter(
                String.class,
                SiteId.class,
                text -> SiteId.parse(text).orElseThrow(() -> Problems.badParameter("site", SLUG)));
        registry.addConverter(
                String.class,
                MetricName.class,
                text -> MetricName.parse(text)
                        .orElseThrow(() -> Problems.badParameter("metric", "must match [A-Za-z][A-Za-z0-9_.-]{0,63}")));
        registry.addConverter(String.class, UUID.class, IdConverters::uuid);
    }

    // UUID.fromString accepts "1-1-1-1-1"; nothing of ours is written so.
    private static UUID uuid(String text) {
        if (!UUID_TEXT.matcher(text).matches()) {
            throw Problems.badParameter("id", "must be a UUID");
        }
        return UUID.fromString(text);
    }
}
