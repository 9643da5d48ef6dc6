package dev.heliograph.query.search;

/** What became of a text that somebody wrote. */
public sealed interface Parsed {
    /** A search. */
    record Good(Search search) implements Parsed {}

    /**
     * Not a search.
     *
     * @param position of the character where it stops making sense, in UTF-16 characters from 0
     * @param reason for people, without a full stop
     */
    record Bad(int position, String reason) implements Parsed {}
}
