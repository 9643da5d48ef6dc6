package dev.heliograph.systemtests.faults.check;

import dev.heliograph.systemtests.faults.check.Sent.Verdict;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a broker has acknowledged and forgotten. Nobody can bring it back; the ledger must miss exactly that: every number that
 * it misses is of a message which the broker acknowledged while it may have forgotten, and no such message is stored. Whatever
 * else is not there is a loss like any other.
 */
public final class Forgotten {
    private final Set<String> messages = new HashSet<>();
    private final List<String> problems = new ArrayList<>();

    /** A message of a device that numbers what it sends; µs since the epoch. */
    public record Numbered(Sent message, long sequence, long answeredMicros) {}

    /** From when to when a broker acknowledged what it then forgot; µs since the epoch. */
    public record While(long fromMicros, long toMicros) {
        boolean holds(long micros) {
            return fromMicros <= micros && micros <= toMicros;
        }
    }

    /** Numbers in a row. */
    public record Gap(long from, long to) {}

    /** What the ledger says of a device: how many are missing, and which. */
    public record Missing(String device, long count, List<Gap> gaps) {
        public Missing {
            gaps = List.copyOf(gaps);
        }
    }

    /** Compares what the ledger misses with what was sent. */
    public static Forgotten of(List<Numbered> sent, List<Missing> ledger, List<While> whiles) {
        Map<String, List<Numbered>> byNumber = new HashMap<>();
        for (Numbered one : sent) {
            byNumber.computeIfAbsent(one.message().device() + "/" + one.sequence(), key -> new ArrayList<>())
                    .add(one);
        }
        Forgotten forgotten = new Forgotten();
        for (Missing missing : ledger) {
            long listed = 0;
            for (Gap gap : missing.gaps()) {
                for (long number = gap.from(); number <= gap.to(); number++) {
                    listed++;
                    String key = missing.device() + "/" + number;
                    forgotten.judge(key, byNumber.getOrDefault(key, List.of()), whiles);
                }
            }
            if (listed != missing.count()) {
                forgotten.problems.add("the ledger misses " + missing.count() + " numbers of " + missing.device()
                        + " and lists " + listed);
            }
        }
        return forgotten;
    }

    private void judge(String number, List<Numbered> copies, List<While> whiles) {
        boolean may = copies.stream()
                .filter(copy -> copy.message().verdict() == Verdict.ACKNOWLEDGED)
                .anyMatch(copy -> whiles.stream().anyMatch(span -> span.holds(copy.answeredMicros())));
        if (may) {
            copies.forEach(copy -> messages.add(key(copy.message())));
        } else {
            problems.add("the ledger misses a number that no broker has forgotten: " + number + " of "
                    + copies.stream().map(copy -> copy.message().describe()).toList());
        }
    }

    /** The messages, those that were forgotten with that verdict. */
    public List<Sent> among(List<Sent> sent) {
        return sent.stream()
                .map(message -> messages.contains(key(message)) ? message.forgotten() : message)
                .toList();
    }

    /** What the ledger misses and should not. */
    public List<String> problems() {
        return List.copyOf(problems);
    }

    /** How many were forgotten; copies of a message are one. */
    public int size() {
        return messages.size();
    }

    private static String key(Sent message) {
        return message.device() + "/" + message.sha256();
    }
}
