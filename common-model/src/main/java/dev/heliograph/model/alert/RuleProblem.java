package dev.heliograph.model.alert;

/**
 * One reason why a rule is refused.
 *
 * @param pointer JSON pointer to the offending part of the rule on the wire
 * @param detail what is wrong with it, for a person
 */
public record RuleProblem(String pointer, String detail) {}
