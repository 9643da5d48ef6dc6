package dev.heliograph.query.data;

/** Takes the series of an answer. */
interface SeriesSink {
    /** Whether what it is given leaves at once, so that a series may come in parts and be longer than memory. */
    boolean streams();

    /** Takes the points of a series, or the next ones of the same. */
    void series(SeriesData data);

    /** A series had more points than were asked for. */
    void truncated();
}
