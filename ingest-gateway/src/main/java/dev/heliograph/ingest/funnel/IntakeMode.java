package dev.heliograph.ingest.funnel;

/** For what a message is handed in. */
public enum IntakeMode {
    /** A device reports as it measures: what is older than {@link FunnelLimits#maxAge} is refused. */
    LIVE,
    /** History is brought in: of any age that a device can mean. */
    BACKFILL
}
