package dev.heliograph.systemtests.faults.check;

import dev.heliograph.systemtests.faults.check.Stored.Key;
import dev.heliograph.systemtests.faults.check.Stored.Measurement;
import dev.heliograph.systemtests.faults.check.Stored.State;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The promises, each as a function that finds where it is broken. An empty answer means that it was kept. */
public enum Checker {
    /** Every acknowledged message is stored or in quarantine, and every refused one is in quarantine. */
    C1_NO_LOSS(Checker::losses),
    /** Nothing is stored twice; a refused payload is kept at most as often as it may have come. */
    C2_NO_DUPLICATE(Checker::duplicates),
    /** Every row is what its own device sent, bit for bit. */
    C3_NO_INVENTION(Checker::inventions),
    /** Every window is the summary of the rows that it covers, and every row is covered. */
    C4_WINDOWS(WindowCheck::problems),
    /** Alerts are those of a reference, alternate, and each step is there once. */
    C5_ALERTS(AlertCheck::problems),
    /** The newest value is the newest row, and never went back. */
    C6_LATEST(Checker::latest),
    /** No tenant is shown a word of another. */
    C7_ISOLATION(Evidence::foreign),
    /** Memory, threads and files stay within their bounds. */
    C8_BOUNDED(Checker::bounds),
    /** Devices are answered and the rest is caught up in time, without help. */
    C9_LIVENESS(Checker::liveness),
    /** A viewer got every step of an alert once, over all its connections. */
    C10_STREAM(Checker::stream),
    /** Every change has one row in the audit. */
    C12_AUDIT(Checker::audit),
    /** Received is stored, duplicate or quarantined; stored is what is there. */
    LEDGER(Checker::ledger);

    private static final int MOST_PROBLEMS = 20;

    private final Function<Evidence, List<String>> find;

    Checker(Function<Evidence, List<String>> find) {
        this.find = find;
    }

    /** Where the promise is broken, at most twenty places. */
    public List<String> problems(Evidence evidence) {
        List<String> all = find.apply(evidence);
        if (all.size() <= MOST_PROBLEMS) {
            return all;
        }
        List<String> some = new ArrayList<>(all.subList(0, MOST_PROBLEMS));
        some.add("... and " + (all.size() - MOST_PROBLEMS) + " more");
        return some;
    }

    /** All that is broken, by checker; empty where every promise was kept. */
    public static Map<Checker, List<String>> judge(Evidence evidence) {
        Map<Checker, List<String>> broken = new TreeMap<>();
        for (Checker checker : values()) {
            List<String> problems = checker.problems(evidence);
            if (!problems.isEmpty()) {
                broken.put(checker, problems);
            }
        }
        return broken;
    }

    private static List<String> losses(Evidence evidence) {
        Map<Key, Double> numbers = new HashMap<>();
        evidence.stored().measurements().forEach(row -> numbers.put(row.key(), row.value()));
        Map<Key, String> texts = new HashMap<>();
        evidence.stored().states().forEach(row -> texts.put(row.key(), row.text()));
        Set<String> conflicts = new HashSet<>();
        Set<String> refusals = new HashSet<>();
        Set<String> hashes = new HashSet<>();
        for (Stored.Refused row : evidence.stored().quarantine()) {
            hashes.add(row.device() + "/" + row.sha256());
            if (row.reason().equals("CONFLICT")) {
                conflicts.add(row.device() + "/" + row.payload());
            } else if (row.reason().equals("DATABASE")) {
                refusals.add(row.device() + "/" + row.payload());
            }
        }
        SamplesAside aside = new SamplesAside(conflicts, refusals);
        List<String> lost = new ArrayList<>();
        for (Sent message : evidence.sent()) {
            if (message.verdict() == Sent.Verdict.FORGOTTEN
                    && (message.numbers().keySet().stream()
                                    .anyMatch(metric -> numbers.containsKey(key(message, metric)))
                            || message.texts().keySet().stream()
                                    .anyMatch(metric -> texts.containsKey(key(message, metric))))) {
                lost.add("missing by the ledger, and stored: " + message.describe());
            }
            boolean kept = hashes.contains(message.device() + "/" + message.sha256());
            if (message.verdict() == Sent.Verdict.REFUSED
                    || message.verdict() == Sent.Verdict.ACKNOWLEDGED && !message.sound()) {
                if (!kept) {
                    lost.add("refused and not in quarantine: " + message.describe());
                }
            } else if (message.verdict() == Sent.Verdict.ACKNOWLEDGED && !kept) {
                message.numbers().forEach((metric, value) -> {
                    Key key = key(message, metric);
                    if (!aside.isKept(numbers.get(key), value, key)) {
                        lost.add("acknowledged and not stored: " + key + " = " + value + " of " + message.describe());
                    }
                });
                message.texts().forEach((metric, text) -> {
                    Key key = key(message, metric);
                    if (!aside.isKept(texts.get(key), text, key)) {
                        lost.add("acknowledged and not stored: " + key + " = " + text + " of " + message.describe());
                    }
                });
            }
        }
        return lost;
    }

    private static Key key(Sent message, String metric) {
        return new Key(message.device(), metric, message.micros());
    }

    /** Single samples in quarantine: those whose instant has another value, and those that the database refused. */
    private record SamplesAside(Set<String> conflicts, Set<String> refusals) {
        /** Stored with this value, or with another one and this one refused for it, or refused and not stored. */
        boolean isKept(@Nullable Object stored, Object sent, Key key) {
            String sample = key.device() + "/" + key.metric() + "=" + sent + " at " + key.micros();
            return stored == null ? refusals.contains(sample) : sent.equals(stored) || conflicts.contains(sample);
        }
    }

    private static List<String> duplicates(Evidence evidence) {
        List<String> twice = new ArrayList<>();
        Set<Key> seen = new HashSet<>();
        for (Measurement row : evidence.stored().measurements()) {
            if (!seen.add(row.key())) {
                twice.add("measured twice: " + row.key());
            }
        }
        for (State row : evidence.stored().states()) {
            if (!seen.add(row.key())) {
                twice.add("reported twice: " + row.key());
            }
        }
        Map<String, Integer> attempts = new HashMap<>();
        evidence.sent()
                .forEach(message ->
                        attempts.merge(message.device() + "/" + message.sha256(), message.deliveries(), Integer::sum));
        Map<String, Long> kept = evidence.stored().quarantine().stream()
                .collect(Collectors.groupingBy(
                        row -> row.device() + "/" + row.sha256(), Collectors.summingLong(Stored.Refused::count)));
        kept.forEach((payload, times) -> {
            Integer sent = attempts.get(payload);
            if (sent != null && times > sent) {
                twice.add("in quarantine " + times + " times, sent " + sent + " times: " + payload);
            }
        });
        return twice;
    }

    private static List<String> inventions(Evidence evidence) {
        Map<Key, Set<Double>> numbers = new HashMap<>();
        Map<Key, Set<String>> texts = new HashMap<>();
        for (Sent message : evidence.sent()) {
            message.numbers()
                    .forEach((metric, value) -> numbers.computeIfAbsent(
                                    new Key(message.device(), metric, message.micros()), key -> new HashSet<>())
                            .add(value));
            message.texts()
                    .forEach((metric, text) -> texts.computeIfAbsent(
                                    new Key(message.device(), metric, message.micros()), key -> new HashSet<>())
                            .add(text));
        }
        List<String> invented = new ArrayList<>();
        for (Measurement row : evidence.stored().measurements()) {
            // Set.contains compares doubles by their bits.
            if (!numbers.getOrDefault(row.key(), Set.of()).contains(row.value())) {
                invented.add("never sent: " + row.key() + " = " + row.value() + ", sent was "
                        + numbers.getOrDefault(row.key(), Set.of()));
            }
        }
        for (State row : evidence.stored().states()) {
            if (!texts.getOrDefault(row.key(), Set.of()).contains(row.text())) {
                invented.add("never sent: " + row.key() + " = " + row.text());
            }
        }
        return invented;
    }

    private static List<String> latest(Evidence evidence) {
        List<String> wrong = new ArrayList<>(evidence.steps());
        Map<String, Measurement> newest = new TreeMap<>();
        for (Measurement row : evidence.stored().measurements()) {
            newest.merge(
                    row.key().device() + "/" + row.key().metric(),
                    row,
                    (one, other) -> one.key().micros() >= other.key().micros() ? one : other);
        }
        Map<String, State> newestText = new TreeMap<>();
        for (State row : evidence.stored().states()) {
            newestText.merge(
                    row.key().device() + "/" + row.key().metric(),
                    row,
                    (one, other) -> one.key().micros() >= other.key().micros() ? one : other);
        }
        Map<String, Stored.Latest> shown = new TreeMap<>();
        evidence.stored().latest().forEach(row -> shown.put(row.device() + "/" + row.metric(), row));
        newest.forEach((series, row) -> {
            Stored.Latest latest = shown.get(series);
            if (latest == null
                    || latest.micros() != row.key().micros()
                    || !Double.valueOf(row.value()).equals(latest.value())) {
                wrong.add("newest is " + row + ", shown as " + latest);
            }
        });
        newestText.forEach((series, row) -> {
            Stored.Latest latest = shown.get(series);
            if (latest == null
                    || latest.micros() != row.key().micros()
                    || !row.text().equals(latest.text())) {
                wrong.add("newest is " + row + ", shown as " + latest);
            }
        });
        return wrong;
    }

    private static List<String> bounds(Evidence evidence) {
        return evidence.bounds().stream()
                .filter(bound -> bound.seen() > bound.most())
                .map(bound -> bound.what() + " was " + bound.seen() + ", may be " + bound.most())
                .toList();
    }

    private static List<String> liveness(Evidence evidence) {
        List<String> late = new ArrayList<>();
        Evidence.Recovery recovery = evidence.recovery();
        if (recovery.firstAnswer().compareTo(recovery.answerLimit()) > 0) {
            late.add("the first acknowledgement came after " + recovery.firstAnswer() + ", may take "
                    + recovery.answerLimit());
        }
        if (recovery.settled().compareTo(recovery.settleLimit()) > 0) {
            late.add("settled after " + recovery.settled() + ", may take " + recovery.settleLimit());
        }
        return late;
    }

    private static List<String> stream(Evidence evidence) {
        List<String> wrong = new ArrayList<>();
        Evidence.Viewed viewed = evidence.viewed();
        Map<String, Long> shown = viewed.transitions().stream()
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        Set<String> decided = new HashSet<>();
        for (Stored.Transition step : evidence.transitions()) {
            decided.add(step.id());
            if (!shown.containsKey(step.id()) && viewed.resets() == 0) {
                wrong.add("never shown: step " + step.id() + " of " + step.device());
            }
        }
        shown.forEach((id, times) -> {
            if (times > 1 && viewed.resets() == 0) {
                wrong.add("shown " + times + " times: step " + id);
            }
            if (!decided.contains(id)) {
                wrong.add("shown and never decided: step " + id);
            }
        });
        return wrong;
    }

    private static List<String> audit(Evidence evidence) {
        Map<String, Long> rows = evidence.stored().audit().stream()
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        List<String> wrong = new ArrayList<>();
        evidence.changes().forEach((action, times) -> {
            long found = rows.getOrDefault(action, 0L);
            if (found != times) {
                wrong.add(action + " was done " + times + " times, the audit has " + found);
            }
        });
        return wrong;
    }

    private static List<String> ledger(Evidence evidence) {
        List<String> wrong = new ArrayList<>();
        long stored = 0;
        for (Stored.LedgerLine line : evidence.stored().ledger()) {
            stored += line.stored();
            if (line.received() != line.stored() + line.duplicate() + line.quarantined()) {
                wrong.add("does not balance: " + line);
            }
        }
        long rows = evidence.stored().measurements().size()
                + evidence.stored().states().size();
        if (stored != rows) {
            wrong.add("the ledger says " + stored + " were stored, there are " + rows);
        }
        return wrong;
    }
}
