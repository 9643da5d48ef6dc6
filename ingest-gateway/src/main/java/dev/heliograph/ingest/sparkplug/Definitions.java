package dev.heliograph.ingest.sparkplug;

import dev.heliograph.ingest.sparkplug.Payload.Metric;
import dev.heliograph.model.id.MetricName;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What one birth says of the metrics of an edge node or device: names, aliases, types, units. Immutable. */
final class Definitions {
    private static final String NODE_CONTROL = "Node Control/";
    private static final String DEVICE_CONTROL = "Device Control/";

    private final Map<String, Definition> byName;
    private final Map<Long, Definition> byAlias;

    /**
     * One metric.
     *
     * @param name as Sparkplug names it
     * @param metric as the platform names it; null where it cannot or another has that name
     * @param datatype the type by number
     * @param unit the unit, or null
     * @param isAmbiguous whether the birth gave its alias to several; it stands for the alias then, not for a metric
     */
    record Definition(
            String name,
            @Nullable MetricName metric,
            int datatype,
            @Nullable String unit,
            boolean isAmbiguous) {

        /** Whether data of one may be read by the other. */
        boolean means(Definition other) {
            return name.equals(other.name) && datatype == other.datatype && !isAmbiguous && !other.isAmbiguous;
        }
    }

    private Definitions(Map<String, Definition> byName, Map<Long, Definition> byAlias) {
        this.byName = byName;
        this.byAlias = byAlias;
    }

    /**
     * The definitions of a birth. Of several names that would become the same metric, the one that is a metric name as it
     * stands keeps it and the others have none, whatever their order.
     */
    static Definitions of(Payload birth) {
        Map<MetricName, String> owners = new HashMap<>();
        for (Metric metric : birth.metrics()) {
            String name = metric.name();
            if (name != null) {
                Names.metric(name).ifPresent(mapped -> owners.merge(mapped, name, Definitions::owner));
            }
        }
        Map<String, Definition> byName = new HashMap<>();
        Map<Long, Definition> byAlias = new HashMap<>();
        for (Metric metric : birth.metrics()) {
            String name = metric.name();
            if (name == null) {
                continue;
            }
            MetricName mapped = Names.metric(name)
                    .filter(own -> name.equals(owners.get(own)))
                    .orElse(null);
            Definition definition = new Definition(name, mapped, metric.datatype(), metric.unit(), false);
            byName.put(name, definition);
            Long alias = metric.alias();
            if (alias != null) {
                byAlias.merge(
                        alias,
                        definition,
                        (first, second) -> first.name.equals(second.name)
                                ? second
                                : new Definition(first.name, null, 0, null, true));
            }
        }
        return new Definitions(byName, byAlias);
    }

    /** Which of two names keeps the metric that both become; neither where both had to be changed for it. */
    private static String owner(String first, String second) {
        if (first.equals(second) || MetricName.parse(first).isPresent()) {
            return first;
        }
        return MetricName.parse(second).isPresent() ? second : "";
    }

    /** The definition of a metric of a message, by its name or else its alias; null where there is none. */
    @Nullable
    Definition find(Metric metric) {
        String name = metric.name();
        if (name != null) {
            return byName.get(name);
        }
        Long alias = metric.alias();
        return alias == null ? null : byAlias.get(alias);
    }

    /** How many metrics are defined. */
    int size() {
        return byName.size();
    }

    /** Whether a name is one of the protocol's own, by which nothing is measured. */
    static boolean isControl(String name) {
        return name.equals(Payload.BD_SEQ) || name.startsWith(NODE_CONTROL) || name.startsWith(DEVICE_CONTROL);
    }
}
