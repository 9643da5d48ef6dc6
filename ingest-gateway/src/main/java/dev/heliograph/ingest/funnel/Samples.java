package dev.heliograph.ingest.funnel;

import dev.heliograph.model.id.MetricName;
import org.jspecify.annotations.Nullable;

/** The one rule of which value is which sample. */
final class Samples {
    private Samples() {}

    /** The value on which the document stands, as a sample of the metric or a fault; nested values are passed over. */
    static void read(
            DocumentReader document, MetricName metric, @Nullable String parent, String name, ReadingBuilder out) {
        read(document, metric, null, parent, name, out);
    }

    /** The same, with the unit of a number. */
    static void read(
            DocumentReader document,
            MetricName metric,
            @Nullable String unit,
            @Nullable String parent,
            String name,
            ReadingBuilder out) {
        switch (document.token()) {
            case INTEGER, DECIMAL -> out.number(metric, document.number(), document.isExact(), unit, parent, name);
            case TRUE -> out.flag(metric, true);
            case FALSE -> out.flag(metric, false);
            case TEXT -> out.state(metric, document.text(), parent, name);
            case NULL -> out.fault(Reason.TYPE, "null", ReadingBuilder.below(parent, name), metric);
            case OTHER ->
                out.fault(Reason.TYPE, "a value that JSON does not have", ReadingBuilder.below(parent, name), metric);
            case START_OBJECT, START_ARRAY -> {
                document.skip();
                out.fault(Reason.TYPE, "an object or array", ReadingBuilder.below(parent, name), metric);
            }
            case END_OBJECT, END_ARRAY -> throw new IllegalStateException("no value to read");
        }
    }
}
