package dev.heliograph.ingest.funnel;

import dev.heliograph.model.id.DeviceId;
import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.id.TenantId;
import org.jspecify.annotations.Nullable;

/**
 * One row of the mapping table: which topics, which of their levels name tenant, device and metric, and which codec reads
 * their payload. Levels are compared as text; {@code {tenant}}, {@code {device}} and {@code {metric}} stand for one level
 * each, {@code +} for one level of any text, a last {@code #} for any number of levels, none included. A row that does not
 * name the device takes it from the connection; one that does not name the tenant takes that of the connection, or, where
 * there is none, its own fixed one.
 *
 * <p>Immutable. The seam for layouts of others: a layout is data, not code.
 */
public final class TopicMapping {
    private static final String TENANT = "{tenant}";
    private static final String DEVICE = "{device}";
    private static final String METRIC = "{metric}";
    private static final String ANY = "+";
    private static final String REST = "#";

    private final String pattern;
    private final String[] levels;
    private final boolean openEnd;
    private final String codec;
    private final @Nullable TenantId tenant;
    private final MappingOptions options;
    private final boolean namesTenant;
    private final boolean namesDevice;

    /**
     * A row for the devices of this gateway.
     *
     * @see #TopicMapping(String, String, TenantId, MappingOptions)
     */
    public TopicMapping(String pattern, String codec) {
        this(pattern, codec, null, MappingOptions.DEFAULTS);
    }

    /**
     * A row.
     *
     * @param pattern the levels, separated by slashes
     * @param codec the name of the codec
     * @param tenant whose the messages are that come without a connection of their own, from a broker's subscription; null
     *     for nobody's
     * @param options what the codec is told
     * @throws IllegalArgumentException if a placeholder is there twice, unknown or within a level, {@code #} is not last,
     *     or the tenant is both in the topic and fixed
     */
    public TopicMapping(String pattern, String codec, @Nullable TenantId tenant, MappingOptions options) {
        this.pattern = pattern;
        String[] all = pattern.split("/", -1);
        this.openEnd = all[all.length - 1].equals(REST);
        this.levels = openEnd ? java.util.Arrays.copyOf(all, all.length - 1) : all;
        this.codec = codec;
        this.tenant = tenant;
        this.options = options;
        this.namesTenant = count(TENANT) == 1;
        this.namesDevice = count(DEVICE) == 1;
        for (String level : levels) {
            boolean special = level.equals(TENANT) || level.equals(DEVICE) || level.equals(METRIC) || level.equals(ANY);
            if (!special
                    && (level.contains("{") || level.contains("}") || level.contains(ANY) || level.contains(REST))) {
                throw new IllegalArgumentException(
                        "a placeholder is {tenant}, {device}, {metric}, + or a last #, and takes " + "a whole level: "
                                + pattern);
            }
        }
        if (pattern.isEmpty() || count(TENANT) > 1 || count(DEVICE) > 1 || count(METRIC) > 1) {
            throw new IllegalArgumentException(
                    "a pattern names tenant, device and metric at most once each: " + pattern);
        }
        if (namesTenant && tenant != null) {
            throw new IllegalArgumentException("the tenant is either in the topic or fixed, not both: " + pattern);
        }
    }

    /** What a topic says by this row; null where the topic is of another. */
    @Nullable
    Route match(String topic) {
        String tenantLevel = null;
        String device = null;
        String metric = null;
        int from = 0;
        for (int level = 0; level < levels.length; level++) {
            if (from > topic.length()) {
                return null;
            }
            int slash = topic.indexOf('/', from);
            int to = slash < 0 ? topic.length() : slash;
            String expected = levels[level];
            switch (expected) {
                case TENANT -> tenantLevel = topic.substring(from, to);
                case DEVICE -> device = topic.substring(from, to);
                case METRIC -> metric = topic.substring(from, to);
                case ANY -> {
                    // Any text.
                }
                default -> {
                    if (to - from != expected.length() || !topic.startsWith(expected, from)) {
                        return null;
                    }
                }
            }
            from = to + 1;
        }
        boolean atEnd = from == topic.length() + 1;
        return atEnd || openEnd ? new Route(this, tenantLevel, device, metric) : null;
    }

    /** The name of the codec. */
    public String codec() {
        return codec;
    }

    MappingOptions options() {
        return options;
    }

    boolean namesMetric() {
        return count(METRIC) == 1;
    }

    /** The row as an MQTT topic filter. */
    public String filter() {
        StringBuilder filter = new StringBuilder();
        for (String level : levels) {
            filter.append(filter.length() == 0 ? "" : "/").append(level.startsWith("{") ? ANY : level);
        }
        return openEnd ? filter + "/" + REST : filter.toString();
    }

    @Override
    public String toString() {
        return pattern;
    }

    private int count(String placeholder) {
        int count = 0;
        for (String level : levels) {
            count += level.equals(placeholder) ? 1 : 0;
        }
        return count;
    }

    /**
     * A topic taken apart. The texts are as they came: not yet checked.
     *
     * @param mapping by which row
     * @param tenantLevel the level of the tenant, or null where the row has none
     * @param deviceLevel the level of the device, or null likewise
     * @param metric the level of the metric, or null likewise
     */
    record Route(
            TopicMapping mapping,
            @Nullable String tenantLevel,
            @Nullable String deviceLevel,
            @Nullable String metric) {

        /**
         * Whose the message is.
         *
         * @throws Rejected with {@link Reason#TOPIC} where an id breaks the grammar or there is no tenant, with {@link
         *     Reason#IDENTITY_MISMATCH} where the topic is another tenant's than the connection
         */
        TenantId tenant(@Nullable DeviceKey principal) {
            TenantId owner = null;
            if (tenantLevel != null) {
                // Nearly always the connection's own: then there is nothing to check and nothing to make.
                if (principal != null && tenantLevel.equals(principal.tenant().value())) {
                    return principal.tenant();
                }
                owner = TenantId.parse(tenantLevel)
                        .orElseThrow(
                                () -> new Rejected(Reason.TOPIC, "the tenant of the topic breaks the grammar of ids"));
            }
            if (principal == null) {
                TenantId known = owner == null ? mapping.tenant : owner;
                if (known == null) {
                    throw new Rejected(
                            Reason.TOPIC, "this layout takes the tenant from the connection, and there is none");
                }
                return known;
            }
            if (owner != null && !principal.tenant().equals(owner)) {
                throw mismatch();
            }
            return principal.tenant();
        }

        /**
         * Which device the message is of: that of the topic, else that of the connection; null where there is neither.
         *
         * @throws Rejected with {@link Reason#TOPIC} where the topic's id breaks the grammar
         */
        @Nullable
        DeviceKey device(TenantId tenant, @Nullable DeviceKey principal) {
            boolean own = principal != null
                    && principal.tenant().equals(tenant)
                    && principal.device().value().equals(deviceLevel);
            if (deviceLevel == null || own) {
                return principal;
            }
            DeviceId id = mapping.options.names().id(deviceLevel);
            if (id == null) {
                throw new Rejected(Reason.TOPIC, "the device of the topic breaks the grammar of ids");
            }
            return new DeviceKey(tenant, id);
        }

        static Rejected mismatch() {
            return new Rejected(Reason.IDENTITY_MISMATCH, "the topic names another device than the connection");
        }
    }
}
