package dev.heliograph.query.data;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The parameters of a query as they came; the same names in a query string and in a body. Null where absent. */
record DataParameters(
        @Nullable List<String> device,
        @Nullable List<String> site,
        @Nullable List<String> type,
        @Nullable List<String> label,
        @Nullable String q,
        @Nullable List<String> metric,
        @Nullable String from,
        @Nullable String to,
        @Nullable List<String> aggregate,
        @Nullable String bucket,
        @Nullable String maxPoints,
        @Nullable String timezone,
        @Nullable String fill,
        @Nullable String downsample,
        @Nullable List<String> groupBy,
        @Nullable String top,
        @Nullable String orderBy,
        @Nullable String source,
        @Nullable String maxGap,
        @Nullable String limit,
        @Nullable String cursor) {}
