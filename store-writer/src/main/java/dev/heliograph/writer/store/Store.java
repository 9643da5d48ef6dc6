package dev.heliograph.writer.store;

import dev.heliograph.writer.plan.CorrectionStep;
import dev.heliograph.writer.plan.Place;
import dev.heliograph.writer.plan.WritePlan;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Where plans are written: rows and offsets together or not at all.
 *
 * <p>Thread-safe. Every method may throw {@link StoreFailure}; nothing of a failed call is visible afterwards, save that
 * after {@link StoreFailure.Unavailable} a write may have happened after all, which the next {@link #positions} tells.
 */
public interface Store {
    /** The next offset to read of each partition; 0 for one that was never read. */
    Map<Place, Long> positions(Collection<Place> places) throws StoreFailure;

    /**
     * Says which topics are there now. A topic that was deleted and made anew has another id and begins at 0 again: the
     * positions in the one before say nothing of it and are given up, and whoever writes by them is fenced.
     *
     * @param topicIds by the names of topics; a topic that is not named stays as it is
     * @return the positions that were given up
     */
    Map<Place, Long> recognise(Map<String, UUID> topicIds) throws StoreFailure;

    /**
     * Writes a plan in one transaction and moves the offsets of its partitions.
     *
     * @throws StoreFailure.Fenced if another writer has moved one of the partitions
     * @throws StoreFailure.Refused if the store will never take some row of the plan
     * @throws StoreFailure.Contended if the transaction lost against another and may be tried again at once
     * @throws StoreFailure.Unavailable if the store cannot be reached or cannot work now
     */
    WriteOutcome write(WritePlan plan) throws StoreFailure;

    /**
     * Does the next step of a correction; with the last one, the partition moves past it.
     *
     * @param expected the offset that the store must hold of the correction's partition
     * @return whether it was the last step
     * @throws StoreFailure as {@link #write}
     */
    boolean correct(CorrectionStep correction, long expected) throws StoreFailure;

    /**
     * Gives up a correction that was refused: it is told as failed, and the partition moves past it.
     *
     * @param expected the offset that the store must hold of the correction's partition
     */
    void giveUp(CorrectionStep correction, long expected, String why) throws StoreFailure;

    /** Whether the plan would be refused: writes it and rolls back. Empty where it would be written. */
    Optional<String> refusal(WritePlan plan) throws StoreFailure;
}
