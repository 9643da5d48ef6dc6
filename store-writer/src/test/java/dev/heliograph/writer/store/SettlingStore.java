package dev.heliograph.writer.store;

import dev.heliograph.writer.plan.CorrectionStep;
import dev.heliograph.writer.plan.Place;
import dev.heliograph.writer.plan.WritePlan;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** A store to whose rows something happens after every transaction. */
record SettlingStore(Store inner, Runnable settle) implements Store {
    @Override
    public Map<Place, Long> positions(Collection<Place> places) throws StoreFailure {
        return inner.positions(places);
    }

    @Override
    public Map<Place, Long> recognise(Map<String, UUID> topicIds) throws StoreFailure {
        return inner.recognise(topicIds);
    }

    @Override
    public WriteOutcome write(WritePlan plan) throws StoreFailure {
        WriteOutcome outcome = inner.write(plan);
        settle.run();
        return outcome;
    }

    @Override
    public boolean correct(CorrectionStep correction, long expected) throws StoreFailure {
        boolean last = inner.correct(correction, expected);
        settle.run();
        return last;
    }

    @Override
    public void giveUp(CorrectionStep correction, long expected, String why) throws StoreFailure {
        inner.giveUp(correction, expected, why);
        settle.run();
    }

    @Override
    public Optional<String> refusal(WritePlan plan) throws StoreFailure {
        return inner.refusal(plan);
    }
}
