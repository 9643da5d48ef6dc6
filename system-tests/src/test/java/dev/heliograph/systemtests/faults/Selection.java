package dev.heliograph.systemtests.faults;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which faults are made, and with which chances.
 *
 * @param only ids of faults; empty for all
 * @param seeds the chances; all of the faults are made with each
 * @param lasting for how long: while it is not over, the run goes on with the seeds that follow the last one; null: once with
 *     each seed
 */
record Selection(
        List<String> only, List<Long> seeds, @Nullable Duration lasting) {
    private static final String PREFIX = "heliograph.faults.";
    private static final String DEFAULT_SEED = "20261125";

    /** One fault with one seed. */
    record Case(Fault fault, long seed) {}

    /** What {@code -Dheliograph.faults.only}, {@code .seeds} and {@code .lasting} (as {@code PT24H}) say. */
    static Selection wanted() {
        String only = System.getProperty(PREFIX + "only", "");
        String lasting = System.getProperty(PREFIX + "lasting");
        return new Selection(
                only.isEmpty() ? List.of() : Arrays.asList(only.split(",")),
                Arrays.stream(System.getProperty(PREFIX + "seeds", DEFAULT_SEED).split(","))
                        .map(Long::valueOf)
                        .toList(),
                lasting == null ? null : Duration.parse(lasting));
    }

    /** The cases in their order, each made when it is asked for, so that the time is asked before each. */
    Stream<Case> of(List<Fault> faults, LongSupplier nanos) {
        List<Fault> some = faults.stream()
                .filter(fault -> only.isEmpty() || only.contains(fault.id()))
                .toList();
        if (some.isEmpty()) {
            return Stream.empty();
        }
        Stream<Case> cases = allSeeds().flatMap(seed -> some.stream().map(fault -> new Case(fault, seed)));
        Duration limit = lasting;
        if (limit == null) {
            return cases.limit((long) some.size() * seeds.size());
        }
        long start = nanos.getAsLong();
        return cases.takeWhile(next -> nanos.getAsLong() - start < limit.toNanos());
    }

    private Stream<Long> allSeeds() {
        return Stream.concat(
                seeds.stream(),
                LongStream.iterate(seeds.getLast() + 1, seed -> seed + 1).boxed());
    }
}
