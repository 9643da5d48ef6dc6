package dev.heliograph.query.search;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What is looked for: every term must hold, of which one may be alternatives.
 *
 * @param terms in the order in which they were written
 */
public record Search(List<Term> terms) {
    /** Every device. */
    public static final Search ALL = new Search(List.of());

    public Search {
        terms = List.copyOf(terms);
    }

    /** This search, narrowed by one more term. */
    public Search and(Term term) {
        List<Term> more = new ArrayList<>(terms);
        more.add(term);
        return new Search(more);
    }

    /** One way to write it, the same for equal searches; it reads as this search again. */
    public String written() {
        return terms.stream().map(Term::written).collect(Collectors.joining(" "));
    }
}
