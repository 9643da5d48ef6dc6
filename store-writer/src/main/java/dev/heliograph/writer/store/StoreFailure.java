package dev.heliograph.writer.store;

/** Why the store did not take a plan: a closed choice, because each kind has its own way on. */
public abstract sealed class StoreFailure extends Exception {
    private StoreFailure(String message, Throwable cause) {
        super(message, cause);
    }

    private StoreFailure(String message) {
        super(message);
    }

    /** Another writer has moved a partition of the plan: read the positions again, from there. */
    public static final class Fenced extends StoreFailure {
        public Fenced(String message) {
            super(message);
        }
    }

    /** Some row will never be taken: find it and put it aside. */
    public static final class Refused extends StoreFailure {
        public Refused(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** Lost against a concurrent transaction: try again. */
    public static final class Contended extends StoreFailure {
        public Contended(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** The store is not there, or not able to work: wait. Whether a write took place is not known. */
    public static final class Unavailable extends StoreFailure {
        public Unavailable(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
