package dev.heliograph.ingest.intake;

import dev.heliograph.ingest.funnel.Address;
import dev.heliograph.ingest.funnel.Funnel;
import dev.heliograph.ingest.funnel.Outcome;
import dev.heliograph.ingest.funnel.RawMessage;
import dev.heliograph.ingest.funnel.Reason;
import dev.heliograph.ingest.funnel.Refusal;
import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.reading.Reading;
import dev.heliograph.model.wire.ReadingCodec;
import dev.heliograph.model.wire.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a message from a transport through the funnel to Kafka: its readings to {@code readings}, its refusals to
 * {@code quarantine}, and one word back when all of that is safe. Thread-safe.
 */
public final class Intake {
    private static final Logger LOG = LoggerFactory.getLogger(Intake.class);
    private static final long MICROS_PER_MILLI = 1_000;

    private final Funnel funnel;
    private final EventSink sink;
    private final InFlightBudget budget;

    /** Of what comes from brokers: one share like that of a tenant. */
    private final InFlightBudget.Share unnamed;

    private final IntakeCounters counters;
    private final UnackedWatch unacked;
    private final AtomicLong strands = new AtomicLong();

    public Intake(Funnel funnel, EventSink sink, InFlightBudget budget, IntakeCounters counters, UnackedWatch unacked) {
        this.funnel = funnel;
        this.sink = sink;
        this.budget = budget;
        this.unnamed = budget.deviceShare(budget.tenantShare());
        this.counters = counters;
        this.unacked = unacked;
    }

    /** Told once about each message, on any thread. */
    @FunctionalInterface
    public interface Answer {
        /**
         * What became of the message.
         *
         * @param outcome what the funnel found
         * @param failure null when every part of it is safe in Kafka; otherwise the message must not be acknowledged
         */
        void answered(Outcome outcome, @Nullable Throwable failure);
    }

    /**
     * Takes one message and counts it against the budget until it is answered. Never blocks. The sender's rates were asked
     * by the transport, which knows how to say no; only the measurements are counted here, where they are known.
     *
     * @param sender whose message it is
     * @return whether there is room for another; if not, the transport should stop reading, see {@link InFlightBudget#whenRoom}
     */
    public boolean submit(RawMessage message, Allowance sender, Answer answer) {
        return submit(message, funnel::pass, List.of(), sender, answer);
    }

    /**
     * The same for a message of which the transport knows already what the mapping table says.
     *
     * @param sender whose message it is; null for a broker's whose sender is not known or not limited
     */
    public boolean submit(RawMessage message, Address address, @Nullable Allowance sender, Answer answer) {
        return submit(message, same -> funnel.pass(same, address), List.of(), sender, answer);
    }

    /**
     * The same for a message whose readings were made elsewhere (see {@link Funnel#admit}).
     *
     * @param made its readings and refusals
     * @param besides what else it means; the message is safe when these are safe too
     * @param sender whose message it is, or null where nobody is limited
     */
    public boolean submit(
            RawMessage message, Outcome made, List<Event> besides, @Nullable Allowance sender, Answer answer) {
        return submit(message, same -> funnel.admit(made), besides, sender, answer);
    }

    private boolean submit(
            RawMessage message,
            Function<RawMessage, Outcome> judgement,
            List<Event> besides,
            @Nullable Allowance sender,
            Answer answer) {
        InFlightBudget.Share share = sender == null ? unnamed : sender.share();
        boolean room = budget.take(share, message.payload().length);
        Judged judged = judge(message, judgement);
        judged.events().addAll(besides);
        if (sender != null) {
            sender.measured(judged.outcome().measurements());
        }
        Pending pending = new Pending(message, judged, share, answer, true);
        if (judged.events().isEmpty()) {
            // A message of a topic that is left aside: there is nothing to wait for.
            pending.completed(null);
        }
        for (Event event : judged.events()) {
            sink.send(event, pending);
        }
        return room;
    }

    /**
     * Takes a message that was refused before and is kept in the quarantine already: its readings go to Kafka as received now,
     * with the time that they had or were first received at; what is refused again is told, not kept a second time.
     *
     * @param message with the time of its first receipt
     * @param receivedMicros now, µs since the epoch
     */
    public void replay(RawMessage message, long receivedMicros, Answer answer) {
        budget.take(unnamed, message.payload().length);
        Outcome outcome = judgeAgain(message);
        List<Event> events = outcome.readings().stream()
                .map(reading -> event(receivedAgain(reading, receivedMicros)))
                .toList();
        Pending pending = new Pending(message, new Judged(outcome, events), unnamed, answer, false);
        if (events.isEmpty()) {
            pending.completed(null);
        }
        events.forEach(event -> sink.send(event, pending));
    }

    private Outcome judgeAgain(RawMessage message) {
        try {
            return funnel.pass(message);
        } catch (RuntimeException bug) {
            LOG.error("The funnel failed on a replayed message of {} bytes", message.payload().length, bug);
            String detail = "internal fault " + bug.getClass().getSimpleName();
            return Outcome.refused(message.principal(), Refusal.ofMessage(Reason.INTERNAL, detail));
        }
    }

    private static Reading receivedAgain(Reading reading, long receivedMicros) {
        return new Reading(
                reading.device(),
                reading.timeMicros(),
                receivedMicros,
                reading.sequence(),
                reading.samples(),
                reading.location(),
                reading.transport(),
                reading.flags());
    }

    /**
     * A refusal that a transport found before there was anything to parse; it is kept like any other.
     *
     * @param device who sent it, or null where that is not known
     */
    public void refuse(
            RawMessage message, @Nullable DeviceKey device, Refusal refusal, EventSink.Completion completion) {
        Quarantine.Entry entry =
                Quarantine.entries(message, device, List.of(refusal)).getFirst();
        counters.quarantined(entry.reason());
        sink.send(entry.event(), completion);
    }

    /** A number that no other strand of this instance has, see {@link RawMessage#strand}; above 0. */
    public long newStrand() {
        return strands.incrementAndGet();
    }

    /** Runs the task once there is room for a message of a broker, see {@link InFlightBudget#whenRoom}. */
    public void whenRoom(Runnable task) {
        budget.whenRoom(unnamed, task);
    }

    /** The bound that this intake counts against. */
    public InFlightBudget budget() {
        return budget;
    }

    /** The counters that this intake keeps. */
    public IntakeCounters counters() {
        return counters;
    }

    /** What the funnel found, already encoded: nothing can fail between the first event and the last. */
    private record Judged(Outcome outcome, List<Event> events) {}

    private Judged judge(RawMessage message, Function<RawMessage, Outcome> judgement) {
        try {
            Outcome outcome = judgement.apply(message);
            List<Event> events = new ArrayList<>(1);
            for (Reading reading : outcome.readings()) {
                events.add(event(reading));
            }
            quarantine(message, outcome, events);
            return new Judged(outcome, events);
        } catch (RuntimeException bug) {
            // A fault of ours must not stop the good messages behind this one; the payload is kept for its repair.
            LOG.error("The funnel failed on a message of {} bytes", message.payload().length, bug);
            String detail = "internal fault " + bug.getClass().getSimpleName();
            Outcome outcome =
                    new Outcome(message.principal(), List.of(), List.of(Refusal.ofMessage(Reason.INTERNAL, detail)), 1);
            List<Event> events = new ArrayList<>(1);
            quarantine(message, outcome, events);
            return new Judged(outcome, events);
        }
    }

    private void quarantine(RawMessage message, Outcome outcome, List<Event> events) {
        if (outcome.isClean()) {
            return;
        }
        for (Quarantine.Entry entry : Quarantine.entries(message, outcome.device(), outcome.refusals())) {
            counters.quarantined(entry.reason());
            events.add(entry.event());
        }
    }

    private static Event event(Reading reading) {
        return new Event(
                Topics.READINGS,
                reading.device().toString(),
                ReadingCodec.encode(reading),
                reading.receivedMicros() / MICROS_PER_MILLI,
                reading.samples().size());
    }

    /**
     * One message on its way: answered when the last of its events is. A reading that is larger than Kafka's topic admits is
     * refused, and its refusal kept in its place: not to acknowledge it would have it come again for ever, before all that the
     * device has to say.
     */
    private final class Pending implements EventSink.Completion {
        private final RawMessage message;
        private final Judged judged;
        private final InFlightBudget.Share share;
        private final Answer answer;
        private final boolean keepsRefusals;
        private final AtomicInteger open;
        private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        private final int ticket;
        /** Places of readings that are too large; null while there is none, as there hardly ever is. Guarded by this. */
        private @Nullable Set<Integer> tooLarge;

        /** @param keepsRefusals whether what is refused on the way goes to the quarantine */
        Pending(RawMessage message, Judged judged, InFlightBudget.Share share, Answer answer, boolean keepsRefusals) {
            this.message = message;
            this.judged = judged;
            this.share = share;
            this.answer = answer;
            this.keepsRefusals = keepsRefusals;
            this.open = new AtomicInteger(judged.events().size());
            this.ticket = unacked.started();
        }

        @Override
        public void completed(@Nullable Throwable eventFailure) {
            int reading = eventFailure instanceof EventTooLarge refused ? placeOf(refused.event()) : -1;
            if (reading >= 0) {
                // One refusal for a message, however many of its readings are too large: it holds the payload of all.
                if (isFirst(reading) && keepsRefusals) {
                    keep(refusal(reading));
                    return;
                }
            } else if (eventFailure != null) {
                failure.compareAndSet(null, eventFailure);
            }
            if (open.decrementAndGet() > 0) {
                return;
            }
            unacked.finished(ticket);
            Throwable first = failure.get();
            Outcome outcome = outcome();
            counters.answered(message.transport(), outcome, first != null);
            try {
                answer.answered(outcome, first);
            } finally {
                budget.giveBack(share, message.payload().length);
            }
        }

        /** Notes a reading that is too large; says whether it is the first. */
        private synchronized boolean isFirst(int reading) {
            Set<Integer> noted = tooLarge;
            boolean first = noted == null;
            if (noted == null) {
                noted = new TreeSet<>();
                tooLarge = noted;
            }
            noted.add(reading);
            return first;
        }

        /** Which reading an event is; below 0 where it is something else. */
        private int placeOf(Event event) {
            for (int place = 0; place < judged.outcome().readings().size(); place++) {
                if (judged.events().get(place) == event) {
                    return place;
                }
            }
            return -1;
        }

        private Refusal refusal(int reading) {
            int bytes = judged.events().get(reading).value().length;
            return Refusal.ofMessage(
                    Reason.TOO_LARGE, "a reading of " + bytes + " bytes, more than the topic of readings admits");
        }

        private void keep(Refusal refusal) {
            Quarantine.Entry entry = Quarantine.entries(
                            message, judged.outcome().device(), List.of(refusal))
                    .getFirst();
            counters.quarantined(entry.reason());
            sink.send(entry.event(), this);
        }

        /** What the funnel found, less what Kafka does not admit. */
        private synchronized Outcome outcome() {
            Outcome found = judged.outcome();
            Set<Integer> refused = tooLarge;
            if (refused == null) {
                return found;
            }
            List<Reading> readings = new ArrayList<>();
            List<Refusal> refusals = new ArrayList<>(found.refusals());
            for (int place = 0; place < found.readings().size(); place++) {
                if (refused.contains(place)) {
                    refusals.add(refusal(place));
                } else {
                    readings.add(found.readings().get(place));
                }
            }
            return new Outcome(found.device(), readings, refusals, found.items());
        }
    }
}
