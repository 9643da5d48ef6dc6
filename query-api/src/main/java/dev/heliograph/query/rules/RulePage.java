package dev.heliograph.query.rules;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Some rules of a list, by name; {@code nextCursor} is null on the last page. */
public record RulePage(List<Rule> items, @Nullable String nextCursor, long total) {}
