package dev.heliograph.query.quarantine;

import dev.heliograph.model.wire.ReplayAnswer;
import dev.heliograph.model.wire.ReplayRequest;

/** Whoever takes messages again. */
interface ReplayGateway {
    /**
     * Asks once.
     *
     * @throws Away if no answer came; the messages may have been taken, and asking again does no harm
     */
    ReplayAnswer ask(ReplayRequest request) throws Away;

    /** No answer. */
    final class Away extends Exception {
        private static final long serialVersionUID = 1;

        /** @param why for a person, without addresses or secrets */
        Away(String why) {
            super(why);
        }
    }
}
