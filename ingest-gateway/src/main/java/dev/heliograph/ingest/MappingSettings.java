package dev.heliograph.ingest;

import dev.heliograph.ingest.funnel.DeviceNames;
import dev.heliograph.ingest.funnel.Gateways;
import dev.heliograph.ingest.funnel.Layout;
import dev.heliograph.ingest.funnel.MappingOptions;
import dev.heliograph.ingest.funnel.TimePrecision;
import dev.heliograph.ingest.funnel.TopicMapping;
import dev.heliograph.ingest.funnel.TopicMappings;
import dev.heliograph.model.id.MetricName;
import dev.heliograph.model.id.TenantId;
import dev.heliograph.model.reading.Sample;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The mapping table: which topics are telemetry, of whom, in which format. The first row that matches a topic counts; rows
 * of one's own are asked before those of the layouts. Examples: {@code docs/guide/intake.md}.
 *
 * @param layouts the built-in layouts that are on
 * @param tenant whose the messages of a broker's subscription are where the topic does not name it; null for nobody's: they
 *     are refused
 * @param zone the zone of local times without offset in payloads of the built-in layouts
 * @param rows rows of one's own
 */
@Validated
@ConfigurationProperties("heliograph.ingest.mapping")
public record MappingSettings(
        @NotNull @DefaultValue({"heliograph", "thingsboard"})
        List<Layout> layouts,

        @Nullable String tenant,
        @NotNull @DefaultValue("UTC") ZoneId zone,
        @NotNull @Valid @Size(max = 100) @DefaultValue List<Row> rows) {

    /** @throws IllegalArgumentException if the tenant is no id */
    public MappingSettings {
        owner(tenant);
    }

    /**
     * One row.
     *
     * @param topic the topic's levels: text, {@code {tenant}}, {@code {device}}, {@code {metric}}, {@code +}, a last {@code #}
     * @param codec what the payload is: {@code standard}, {@code thingsboard}, {@code thingsboard-gateway}, {@code senml},
     *     {@code tasmota}, {@code zigbee2mqtt}, {@code line-protocol}, {@code ignore}
     * @param tenant whose the messages of a broker's subscription are; null for the table's tenant
     * @param names whether the device's level is its id or a name from which the id is made
     * @param zone the zone of local times without offset; null for the table's zone
     * @param precision the unit of times of line protocol, where the content type does not say it
     * @param ignoredTags tags of line protocol that are not part of a metric's name
     * @param units units by metric, where the message does not name them
     */
    public record Row(
            @NotBlank String topic,
            @NotBlank @DefaultValue("standard") String codec,
            @Nullable String tenant,
            @NotNull @DefaultValue("exact") DeviceNames names,
            @Nullable ZoneId zone,
            @NotNull @DefaultValue("ns") TimePrecision precision,
            @NotNull @DefaultValue("host") Set<String> ignoredTags,
            @NotNull @Size(max = 500) @DefaultValue Map<String, String> units) {

        /** @throws IllegalArgumentException if a metric or its unit breaks the grammar, or the tenant is no id */
        public Row {
            units.forEach((metric, unit) -> {
                if (MetricName.parse(metric).isEmpty() || !Sample.isUnit(unit)) {
                    throw new IllegalArgumentException("no metric and its unit: " + metric + "=" + unit);
                }
            });
            owner(tenant);
        }

        private TopicMapping mapping(@Nullable TenantId tableTenant, ZoneId tableZone) {
            Map<MetricName, String> byMetric = new LinkedHashMap<>();
            units.forEach((metric, unit) -> byMetric.put(new MetricName(metric), unit));
            TenantId own = tenant == null ? tableTenant : owner(tenant);
            return new TopicMapping(
                    topic,
                    codec,
                    topic.contains("{tenant}") && tenant == null ? null : own,
                    new MappingOptions(names, zone == null ? tableZone : zone, precision, ignoredTags, byMetric));
        }
    }

    /**
     * The table.
     *
     * @throws IllegalArgumentException if a row's topic is no pattern
     */
    TopicMappings table(Gateways gateways) {
        TenantId known = owner(tenant);
        List<TopicMapping> all = new ArrayList<>();
        rows.forEach(row -> all.add(row.mapping(known, zone)));
        layouts.forEach(layout -> all.addAll(layout.mappings(known, zone)));
        return new TopicMappings(all, gateways);
    }

    private static @Nullable TenantId owner(@Nullable String text) {
        return text == null || text.isBlank() ? null : new TenantId(text);
    }
}
