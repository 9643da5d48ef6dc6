package dev.heliograph.connections;

import org.jspecify.annotations.Nullable;

/** Failures in words. A pool that gives up says that it did; why is at the end of the chain of causes. */
public final class Causes {
    /** A chain that is longer, or goes in a circle, is told up to here. */
    private static final int LONGEST_CHAIN = 50;

    private Causes() {}

    /** The first line of what a failure says, and of its first cause where that says something else. */
    public static String inWords(Throwable failure) {
        String outer = firstLine(failure);
        Throwable root = rootOf(failure);
        String inner = firstLine(root);
        return root == failure || outer.contains(inner) ? outer : outer + " (" + inner + ")";
    }

    /** Where it began. */
    public static Throwable rootOf(Throwable failure) {
        Throwable root = failure;
        for (int depth = 0; depth < LONGEST_CHAIN; depth++) {
            Throwable cause = root.getCause();
            if (cause == null) {
                return root;
            }
            root = cause;
        }
        return root;
    }

    private static String firstLine(Throwable failure) {
        @Nullable String message = failure.getMessage();
        return message == null || message.isBlank()
                ? failure.getClass().getSimpleName()
                : message.lines().findFirst().orElse("");
    }
}
