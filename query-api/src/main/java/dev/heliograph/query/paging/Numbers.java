package dev.heliograph.query.paging;

import dev.heliograph.query.problem.Problems;
import java.util.regex.Pattern;

/** Numbers in parameters: ASCII digits only. */
public final class Numbers {
    private static final Pattern DIGITS = Pattern.compile("[0-9]{1,9}");

    private Numbers() {}

    /**
     * A whole number from 1 to 999,999,999.
     *
     * @throws dev.heliograph.query.problem.ProblemException 400 for anything else
     */
    public static int positive(String name, String text) {
        int value = DIGITS.matcher(text).matches() ? Integer.parseInt(text) : 0;
        if (value < 1) {
            throw Problems.badParameter(name, "must be a whole number above 0");
        }
        return value;
    }
}
