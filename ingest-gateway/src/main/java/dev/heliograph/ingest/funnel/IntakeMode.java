package dev.heliograph.ingest.funnel;

/** For what a message is handed in. */
public enum IntakeMode {
    /** A device reports as it measures: what is older than {@link FunnelLimits#maxAge} is refused. */
    LIVE,
    /**
     * History is brought in: of any age up to {@link FunnelLimits#maxHistoryAge}, with a time in each reading. Its readings
     * carry {@link dev.heliograph.model.reading.ReadingFlag#BACKFILL}.
     */
    BACKFILL
}
