package dev.heliograph.query.data;

/**
 * A stored series and where its samples go.
 *
 * @param slot number of the series of the answer
 */
record SlotSeries(StoredSeries series, int slot) {}
