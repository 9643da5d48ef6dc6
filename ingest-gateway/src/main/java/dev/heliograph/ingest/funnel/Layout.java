package dev.heliograph.ingest.funnel;

import dev.heliograph.model.id.TenantId;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Layouts of topics and payloads that are in use elsewhere, ready to be switched on. Topics of theirs that hold no
 * measurements are taken and left aside: to refuse them would close the connection of an MQTT 3.1.1 device.
 */
public enum Layout {
    /** Our own: one message with any number of metrics, or one metric by topic. */
    HELIOGRAPH(
            row("iot/v1/{tenant}/{device}/telemetry", Codecs.STANDARD),
            row("iot/v1/{tenant}/{device}/telemetry/{metric}", Codecs.STANDARD)),
    /** ThingsBoard's device and gateway API. */
    THINGSBOARD(
            row("v1/devices/me/telemetry", Codecs.THINGSBOARD),
            row("v1/gateway/telemetry", Codecs.THINGSBOARD_GATEWAY),
            row("v1/devices/{device}/telemetry", Codecs.THINGSBOARD),
            row("v1/devices/me/#", Codecs.IGNORE),
            row("v1/gateway/#", Codecs.IGNORE)),
    /** Tasmota with its default {@code FullTopic}. */
    TASMOTA(
            row("tele/{device}/SENSOR", Codecs.TASMOTA),
            row("tele/{device}/STATE", Codecs.TASMOTA),
            row("tele/{device}/+", Codecs.IGNORE),
            row("stat/{device}/#", Codecs.IGNORE),
            row("tasmota/discovery/#", Codecs.IGNORE)),
    /** Zigbee2MQTT with its default base topic; friendly names without a slash. */
    ZIGBEE2MQTT(
            row("zigbee2mqtt/{device}", Codecs.ZIGBEE2MQTT),
            row("zigbee2mqtt/bridge/#", Codecs.IGNORE),
            row("zigbee2mqtt/{device}/availability", Codecs.IGNORE)),
    /** InfluxDB line protocol by MQTT, on our own topic and on Telegraf's default one. */
    LINE_PROTOCOL(
            row("iot/v1/{tenant}/{device}/line", Codecs.LINE_PROTOCOL),
            row("telegraf/{device}/#", Codecs.LINE_PROTOCOL));

    private final List<Row> rows;

    /** A row that still lacks what the configuration says. */
    private record Row(String pattern, String codec) {}

    Layout(Row... rows) {
        this.rows = List.of(rows);
    }

    /**
     * Its rows, in the order in which they are asked. Names of devices in other houses' topics are free text.
     *
     * @param tenant whose the messages of a broker are, where the topic does not say it; null for none
     * @param zone the zone of local times without offset
     */
    public List<TopicMapping> mappings(@Nullable TenantId tenant, ZoneId zone) {
        MappingOptions own = MappingOptions.DEFAULTS;
        DeviceNames names = this == HELIOGRAPH ? DeviceNames.EXACT : DeviceNames.SLUG;
        MappingOptions options = new MappingOptions(names, zone, own.precision(), own.ignoredTags(), own.units());
        return rows.stream()
                .map(row -> new TopicMapping(
                        row.pattern(), row.codec(), row.pattern().contains("{tenant}") ? null : tenant, options))
                .toList();
    }

    /** All rows of some layouts. */
    static List<TopicMapping> mappings(List<Layout> layouts) {
        ZoneId zone = MappingOptions.DEFAULTS.zone();
        return layouts.stream()
                .flatMap(layout -> layout.mappings(null, zone).stream())
                .toList();
    }

    private static Row row(String pattern, String codec) {
        return new Row(pattern, codec);
    }
}
