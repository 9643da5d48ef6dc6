package dev.heliograph.query.web;

import dev.heliograph.query.problem.Problems;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Versions as entity tags: the number in quotes. */
public final class Etags {
    private static final Pattern TAG = Pattern.compile("(?:W/)?\"([0-9]{1,18})\"");

    private Etags() {}

    /** The tag of a version. */
    public static String of(long version) {
        return "\"" + version + "\"";
    }

    /**
     * The version that {@code If-Match} names; empty where the header is absent or {@code *}.
     *
     * @throws dev.heliograph.query.problem.ProblemException 400 where it is not one of our tags
     */
    public static OptionalLong ifMatch(@Nullable String header) {
        if (header == null || header.equals("*")) {
            return OptionalLong.empty();
        }
        Matcher match = TAG.matcher(header);
        if (!match.matches()) {
            throw Problems.badParameter("If-Match", "must be one ETag, such as \"7\"");
        }
        return OptionalLong.of(Long.parseLong(match.group(1)));
    }

    /**
     * Lets a change of something that exists pass only with its current version, or with {@code *}.
     *
     * @throws dev.heliograph.query.problem.ProblemException 428 without the header, 412 with an older version
     */
    public static void require(@Nullable String header, long current) {
        if (header == null) {
            throw Problems.versionRequired();
        }
        requireIfGiven(header, current);
    }

    /**
     * Refuses a change made with an older version; the header may be absent.
     *
     * @throws dev.heliograph.query.problem.ProblemException 412 with an older version
     */
    public static void requireIfGiven(@Nullable String header, long current) {
        OptionalLong seen = ifMatch(header);
        if (seen.isPresent() && seen.getAsLong() != current) {
            throw Problems.stale(current);
        }
    }
}
