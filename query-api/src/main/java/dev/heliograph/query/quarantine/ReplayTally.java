package dev.heliograph.query.quarantine;

import dev.heliograph.model.wire.ReplayAnswer;
import dev.heliograph.query.quarantine.Matching.StillRefused;
import dev.heliograph.query.quarantine.Matching.Tally;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Adds up what came of rows. Not thread-safe. */
final class ReplayTally {
    private static final int MOST_REASONS = 10;

    private final Map<String, StillRefused> refusals = new TreeMap<>();
    private int rows;
    private int accepted;
    private int partial;
    private int refused;
    private int failed;
    private int readings;
    private int samples;

    /** Adds rows of which each was taken, or judged. */
    void add(List<ReplayResults.Result> results) {
        for (ReplayResults.Result result : results) {
            rows++;
            readings += result.readings();
            samples += result.samples();
            switch (result.outcome()) {
                case ReplayAnswer.ACCEPTED -> accepted++;
                case ReplayAnswer.PARTIAL -> partial++;
                case ReplayAnswer.REFUSED -> refused++;
                // A word of a newer gateway too: nobody knows that it was taken.
                default -> failed++;
            }
            Set<String> ofRow = new HashSet<>();
            for (ReplayResults.Refusal refusal : result.refusals()) {
                if (ofRow.add(refusal.reason())) {
                    refusals.merge(
                            refusal.reason(),
                            new StillRefused(refusal.reason(), 1, refusal.detail()),
                            (known, one) ->
                                    new StillRefused(known.reason(), known.rows() + one.rows(), known.detail()));
                }
            }
        }
    }

    int rows() {
        return rows;
    }

    Tally told() {
        List<StillRefused> most = refusals.values().stream()
                .sorted(Comparator.comparingInt(StillRefused::rows).reversed())
                .limit(MOST_REASONS)
                .toList();
        return new Tally(rows, accepted, partial, refused, failed, readings, samples, most);
    }
}
