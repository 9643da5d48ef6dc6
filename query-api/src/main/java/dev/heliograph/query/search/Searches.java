package dev.heliograph.query.search;

import dev.heliograph.query.problem.Problems;
import org.jspecify.annotations.Nullable;

/** Reads searches of requests. */
public final class Searches {
    private final SearchLimits limits;

    public Searches(SearchLimits limits) {
        this.limits = limits;
    }

    /**
     * The search of a parameter; everything where it is absent.
     *
     * @throws dev.heliograph.query.problem.ProblemException 400 with the position where it stops making sense
     */
    public Search ofParameter(String name, @Nullable String text) {
        return switch (SearchParser.parse(text == null ? "" : text, limits)) {
            case Parsed.Good good -> good.search();
            case Parsed.Bad bad -> throw Problems.badSearch(name, bad.position(), bad.reason());
        };
    }
}
