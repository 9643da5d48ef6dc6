package dev.heliograph.systemtests.faults;

/** The quick run: each kind of failure once, under load, with all checkers. */
class FaultsIT extends FaultRuns {
    FaultsIT() {
        super("quick", 1, Faults.quick());
    }
}
