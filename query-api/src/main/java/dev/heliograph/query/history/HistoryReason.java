package dev.heliograph.query.history;

/** Why a reading of a backfill was not taken. The name is the stable code, in answers and in metrics. */
enum HistoryReason {
    /** Not JSON from here on. */
    JSON,
    /** A line of a CSV file that is no reading. */
    LINE,
    /** Not an object with device, ts and metrics. */
    SHAPE,
    /** Not UTF-8, a NUL, or half of a surrogate pair. */
    ENCODING,
    /** Neither whole milliseconds nor RFC 3339 with an offset. */
    BAD_TS,
    /** A number of milliseconds that was surely meant as seconds or microseconds, or a year before 1970. */
    TS_RANGE,
    /** Ahead of the clock: history is over. */
    FUTURE_TS,
    /** Older than anything that the platform keeps: it would be deleted at once. */
    RETENTION,
    /** Not a device of the tenant. */
    UNKNOWN_DEVICE,
    /** A metric name that breaks the grammar. */
    METRIC_NAME,
    /** Beyond the range of a double. */
    NON_FINITE,
    /** Neither number, boolean nor text. */
    TYPE,
    /** A text longer than a state may be. */
    TEXT_LENGTH,
    /** A sequence number that is not a whole number from 0 to 2^53 - 1. */
    BAD_SEQ,
    /** Not {lat, lon, alt} within their ranges. */
    LOCATION,
    /** More readings, devices or metrics than a request may have. */
    TOO_MANY
}
