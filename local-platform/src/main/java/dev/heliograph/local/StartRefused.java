package dev.heliograph.local;

/**
 * Heliograph cannot do what was asked, for a reason that the user can put right. The message is one sentence for the
 * console, complete without a stack trace.
 */
public final class StartRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why, by process exit code. */
    public enum Reason {
        /** Something failed while starting. */
        FAILED(1),
        /** The command line or the data directory is not usable. */
        USAGE(2),
        /** Another Heliograph holds the data directory. */
        ALREADY_RUNNING(3),
        /** A port is taken. */
        PORT_TAKEN(4),
        /** The command needs a running platform and there is none. */
        NOT_RUNNING(5);

        private final int exitCode;

        Reason(int exitCode) {
            this.exitCode = exitCode;
        }

        /** The exit code of the process. */
        public int exitCode() {
            return exitCode;
        }
    }

    private final Reason reason;

    /** A refusal without a cause worth logging. */
    public StartRefused(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** A refusal caused by a failure; the cause goes to the log file. */
    public StartRefused(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** Why it was refused. */
    public Reason reason() {
        return reason;
    }
}
