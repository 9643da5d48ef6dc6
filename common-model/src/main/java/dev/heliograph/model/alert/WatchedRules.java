package dev.heliograph.model.alert;

import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/**
 * The rules in force for one device.
 *
 * @param rules in the order of their ids
 * @param whyNot why a rule of that id is not among them, as the end of a sentence about an alert of it
 */
public record WatchedRules(List<AlertRule> rules, Function<UUID, String> whyNot) {
    public WatchedRules {
        rules = rules.stream().sorted(Comparator.comparing(AlertRule::id)).toList();
    }
}
