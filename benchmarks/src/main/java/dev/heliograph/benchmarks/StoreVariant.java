package dev.heliograph.benchmarks;

import java.util.ArrayList;
import java.util.List;

/**
 * One way to keep raw rows. The base is what the schema does; each other variant differs from it in one thing.
 *
 * @param layout narrow: a row for each measurement; wide: a row for each reading, with a column for each metric
 * @param chunk interval of the chunks, as PostgreSQL writes it; empty for a plain table
 * @param index what is unique, and what is indexed besides
 * @param insert by which statement rows get in
 * @param columnstore whether every chunk is moved to TimescaleDB's columnstore when all rows are in
 */
record StoreVariant(Layout layout, String chunk, Index index, Insert insert, boolean columnstore) {
    /** What a row is. */
    enum Layout {
        NARROW,
        WIDE
    }

    /** What is indexed. */
    enum Index {
        /** Unique by series and time. */
        SERIES_TIME("series, time"),
        /** The same, with pages that are filled to the last byte. */
        SERIES_TIME_FULL("series, time, full pages"),
        /** Unique by time and series. */
        TIME_SERIES("time, series"),
        /** Unique by series and time, and a block range index on the time. */
        SERIES_TIME_BRIN("series, time + BRIN of time"),
        /** Unique by series and time, and a B-tree on the time, as a hypertable has by default. */
        SERIES_TIME_BTREE("series, time + B-tree of time");

        final String words;

        Index(String words) {
            this.words = words;
        }
    }

    /** How rows get in. */
    enum Insert {
        /** Binary COPY: fails on a duplicate. */
        COPY("binary COPY"),
        /** One INSERT of arrays; duplicates are passed over. */
        UNNEST("INSERT of arrays, ON CONFLICT DO NOTHING"),
        /** A batch of single-row INSERTs in one round trip; duplicates are passed over. */
        BATCH("batch of INSERTs, ON CONFLICT DO NOTHING"),
        /** COPY into a temporary table and INSERT from there; duplicates are passed over. */
        STAGING("COPY to a staging table, INSERT ON CONFLICT DO NOTHING");

        final String words;

        Insert(String words) {
            this.words = words;
        }
    }

    /**
     * The base and what differs from it in one thing; with chunks where there is TimescaleDB, and the columnstore where its
     * edition has one.
     */
    static List<StoreVariant> all(boolean timescale, boolean columnstore) {
        StoreVariant base =
                new StoreVariant(Layout.NARROW, timescale ? "1 day" : "", Index.SERIES_TIME, Insert.COPY, false);
        List<StoreVariant> variants = new ArrayList<>(List.of(base));
        if (columnstore) {
            variants.add(new StoreVariant(base.layout, base.chunk, base.index, base.insert, true));
        }
        variants.add(new StoreVariant(Layout.WIDE, base.chunk, base.index, base.insert, false));
        if (timescale) {
            for (String chunk : List.of("", "3 hours", "12 hours", "7 days")) {
                variants.add(new StoreVariant(base.layout, chunk, base.index, base.insert, false));
            }
        }
        for (Index index : Index.values()) {
            if (index != base.index) {
                variants.add(new StoreVariant(base.layout, base.chunk, index, base.insert, false));
            }
        }
        for (Insert insert : Insert.values()) {
            if (insert != base.insert) {
                variants.add(new StoreVariant(base.layout, base.chunk, base.index, insert, false));
            }
        }
        return variants;
    }

    String words() {
        return layout.name().toLowerCase(java.util.Locale.ROOT) + "; "
                + (chunk.isEmpty() ? "plain table" : "chunks of " + chunk) + "; " + index.words + "; " + insert.words
                + (columnstore ? ", then to the columnstore" : "");
    }
}
