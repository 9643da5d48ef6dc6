package dev.heliograph.ingest.sparkplug;

import dev.heliograph.ingest.sparkplug.Effect.Presence;
import dev.heliograph.model.id.DeviceKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What is known of one edge node: the state that {@link HostApplication} works on. Not thread-safe. */
final class EdgeNode {
    /** No time. */
    static final long NEVER = Long.MAX_VALUE;

    final NodeId id;
    final Subject self;
    final Map<String, Subject> devices = new HashMap<>();
    final Deque<Held> held = new ArrayDeque<>();
    final RebirthTimer rebirth;

    @Nullable
    Session session;

    /** The number of the last death, so that its repetition is known as one; null after a birth. */
    @Nullable
    Integer lastDeath;

    /** The edge node itself or a device of it. */
    static final class Subject {
        final DeviceKey key;
        boolean isOnline;

        /** Whether it is online by the word of a former connection only. */
        boolean isInherited;

        /** What its birth of this session says; null where it has none. */
        @Nullable
        Definitions definitions;

        /** What the birth before said, by which messages are checked that come after their time. */
        @Nullable
        Definitions former;

        Subject(DeviceKey key) {
            this.key = key;
        }
    }

    /** The time from one birth of the edge node to the next. */
    static final class Session {
        final @Nullable Integer bdSeq;
        final SequenceTrack sequence;
        final long bornMicros;
        final @Nullable Long sentMillis;
        final boolean isAnswer;

        /** Since when numbers are missing; {@link #NEVER} where none are or births were already wanted for it. */
        long gapMicros = NEVER;

        /** Whether a birth may have been missed, so that aliases are not believed. */
        boolean isDoubted;

        /** Whether devices that have not come back with this session were already called offline. */
        boolean isComplete;

        /** @param isAnswer whether the birth answers a request, so that another would say nothing new */
        Session(Payload birth, SequenceTrack sequence, long bornMicros, boolean isAnswer) {
            this.bdSeq = birth.bdSeq();
            this.sequence = sequence;
            this.bornMicros = bornMicros;
            this.sentMillis = birth.timestampMillis();
            this.isAnswer = isAnswer;
        }

        /** Whether a message was sent before this session began and has been overtaken by the birth. */
        boolean hasOvertaken(Payload payload) {
            Long sent = payload.timestampMillis();
            return sent != null
                    && sentMillis != null
                    && sent < sentMillis
                    && !sequence.isNext((int) payload.sequence());
        }
    }

    /**
     * A message that waits for a birth.
     *
     * @param device of which device, null for the edge node itself
     * @param former what was defined when it came but is not believed enough to read it; null where nothing was
     */
    record Held(
            Arrival arrival,
            Payload payload,
            @Nullable String device,
            @Nullable Definitions former,
            long sinceMicros) {
        int size() {
            return arrival.message().payload().length;
        }
    }

    EdgeNode(NodeId id, DeviceKey key, long rebirthIntervalMicros) {
        this.id = id;
        this.self = new Subject(key);
        this.rebirth = new RebirthTimer(rebirthIntervalMicros);
    }

    /** The edge node for null, else its device; null for a device that is not known. */
    @Nullable
    Subject subject(@Nullable String device) {
        return device == null ? self : devices.get(device);
    }

    /** The edge node and its devices. */
    Collection<Subject> subjects() {
        List<Subject> all = new ArrayList<>(devices.size() + 1);
        all.add(self);
        all.addAll(devices.values());
        return all;
    }

    /** Whether nothing would be lost by forgetting it. */
    boolean isForgettable() {
        return session == null && held.isEmpty() && subjects().stream().noneMatch(subject -> subject.isOnline);
    }

    /** Whether the passing of time can bring about anything: something waits, is missing or is to be asked for. */
    boolean isRestless() {
        Session now = session;
        return !held.isEmpty() || !rebirth.isQuiet() || now != null && (!now.isComplete || now.gapMicros != NEVER);
    }

    /** Who is there. */
    HostApplication.Online online() {
        List<String> there = devices.entrySet().stream()
                .filter(each -> each.getValue().isOnline)
                .map(Map.Entry::getKey)
                .toList();
        return new HostApplication.Online(self.isOnline, there);
    }

    /** Calls those offline that are not so yet and whom the test picks. */
    List<Presence> offline(String cause, Predicate<Subject> who) {
        List<Presence> gone = new ArrayList<>();
        for (Subject subject : subjects()) {
            if (subject.isOnline && who.test(subject)) {
                gone.add(offline(subject, cause));
            }
        }
        return gone;
    }

    /** Calls one offline. */
    static Presence offline(Subject subject, String cause) {
        subject.isOnline = false;
        subject.isInherited = false;
        return new Presence(subject.key, false, cause);
    }

    /**
     * Calls one online; empty where it is already. By the word of a former connection it is so only until that one dies
     * elsewhere, so it is said again.
     */
    static List<Presence> online(Subject subject, String cause) {
        if (subject.isOnline && !subject.isInherited) {
            return List.of();
        }
        subject.isOnline = true;
        subject.isInherited = false;
        return List.of(new Presence(subject.key, true, cause));
    }
}
