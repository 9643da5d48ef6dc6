package dev.heliograph.query.isolation;

import dev.heliograph.query.testing.Described.Operation;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a place of a request can name. */
enum Kind {
    TENANT,
    DEVICE,
    SITE,
    TYPE,
    LABEL,
    METRIC,
    ALERT,
    RULE,
    CORRECTION,
    QUARANTINE,
    CONNECTION,
    CURSOR,
    POSITION,
    TEXT;

    private static final Map<String, Kind> BY_NAME = Map.ofEntries(
            Map.entry("device", DEVICE),
            Map.entry("devices", DEVICE),
            Map.entry("deviceId", DEVICE),
            Map.entry("site", SITE),
            Map.entry("sites", SITE),
            Map.entry("type", TYPE),
            Map.entry("types", TYPE),
            Map.entry("label", LABEL),
            Map.entry("labels", LABEL),
            Map.entry("metric", METRIC),
            Map.entry("metrics", METRIC),
            Map.entry("groupBy", LABEL),
            Map.entry("rule", RULE),
            Map.entry("ids", QUARANTINE),
            Map.entry("connection", CONNECTION),
            Map.entry("cursor", CURSOR),
            Map.entry("Last-Event-ID", POSITION),
            Map.entry("q", TEXT),
            Map.entry("token", POSITION));

    private static final Map<String, Kind> BY_PATH = Map.of(
            "/api/v1/alerts/{id}", ALERT,
            "/api/v1/rules/{id}", RULE,
            "/api/v1/corrections/{id}", CORRECTION,
            "/api/v1/devices/{id}", DEVICE,
            "/api/v1/sites/{id}", SITE,
            "/api/v1/metrics/{name}", METRIC);

    /** Words, numbers and times that name no thing of a tenant. */
    private static final Set<String> NAMES_NOTHING = Set.of(
            "acknowledged",
            "afterSeconds",
            "aggregate",
            "bbox",
            "bucket",
            "clear",
            "clearHoldSeconds",
            "comment",
            "description",
            "downsample",
            "dryRun",
            "enabled",
            "expectedIntervalSeconds",
            "fill",
            "firmware",
            "format",
            "from",
            "holdSeconds",
            "Idempotency-Key", // of a user; IdempotencyApiTest has two with the same one
            "If-Match",
            "If-None-Match",
            "issueCredentials",
            "kind",
            "lat",
            "limit",
            "lon",
            "maxGap",
            "maxPoints",
            "mayBackfill",
            "offset",
            "operator",
            "orderBy",
            "owner",
            "points",
            "reason",
            "replayed",
            "runbook",
            "samplesPerSecond",
            "scale",
            "seq",
            "set",
            "severity",
            "sort",
            "source",
            "state",
            "status",
            "timezone",
            "to",
            "top",
            "topics",
            "transport",
            "ts",
            "unit",
            "value",
            "zoom");

    /**
     * What a place names; empty where it names nothing.
     *
     * @param place {@code path}, {@code query}, {@code header} or {@code body}
     * @param name of the parameter, or the pointer into the body
     * @throws AssertionError for a place that nobody has thought about yet
     */
    static Optional<Kind> of(Operation operation, String place, String name) {
        if (place.equals("path")) {
            for (var known : BY_PATH.entrySet()) {
                if (operation.path().startsWith(known.getKey())
                        && known.getKey().endsWith("{" + name + "}")) {
                    return Optional.of(known.getValue());
                }
            }
        }
        String last = name.replaceAll("(/-)+$", "").replaceAll(".*/", "");
        if (place.equals("body")) {
            if (name.equals("/condition/type") || name.endsWith("/name")) {
                return Optional.empty();
            }
            if (name.equals("/devices/-/id")) {
                return Optional.of(DEVICE);
            }
        }
        if (BY_NAME.containsKey(last)) {
            return Optional.of(BY_NAME.get(last));
        }
        if (NAMES_NOTHING.contains(last)) {
            return Optional.empty();
        }
        throw new AssertionError("Say in " + Kind.class.getSimpleName() + " what " + place + " " + name + " of "
                + operation + " names: another tenant's must be as absent as none.");
    }
}
