package dev.heliograph.stream.device;

import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.id.MetricName;
import dev.heliograph.model.presence.PresenceState;
import dev.heliograph.model.reading.Reading;
import dev.heliograph.model.reading.ReadingFlag;
import dev.heliograph.model.window.SourcePosition;
import dev.heliograph.model.wire.CorrectionRecord;
import dev.heliograph.model.wire.SessionRecord;
import dev.heliograph.stream.StreamCounters;
import dev.heliograph.stream.decode.DeviceEvent;
import dev.heliograph.stream.rules.RuleTable;
import java.time.Duration;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.function.IntFunction;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Carries events to the domain and its decisions to the topics: one look into the store of devices and one into that of
 * minutes for a reading, and the same to write back. A ticking clock looks at the devices that are due, for a part of the
 * time only, so that readings never wait for looks.
 */
final class DeviceProcessor implements Processor<String, DeviceEvent, String, byte[]> {
    /** A wall clock that went back further than this makes every planned time doubtful. */
    private static final long CLOCK_WENT_BACK_MICROS = 2_000_000;
    /** A tick that comes late may make up for so much of the time since the one before. */
    private static final long LONGEST_TICK_MICROS = 1_000_000;

    private final DevicePolicy policy;
    private final RuleTable rules;
    private final StreamCounters counters;
    private final IntFunction<OptionalLong> waitingReadings;
    private final ThreadLocal<TasksOfThread> tasksOfThread;
    private @Nullable Task task;

    DeviceProcessor(
            DevicePolicy policy,
            RuleTable rules,
            StreamCounters counters,
            IntFunction<OptionalLong> waitingReadings,
            ThreadLocal<TasksOfThread> tasksOfThread) {
        this.policy = policy;
        this.rules = rules;
        this.counters = counters;
        this.waitingReadings = waitingReadings;
        this.tasksOfThread = tasksOfThread;
    }

    @Override
    public void init(ProcessorContext<String, byte[]> context) {
        // A task that was closed without warning is initialised again: whatever memory said before is void.
        close();
        task = new Task(context);
        context.schedule(
                policy.tick(), PunctuationType.WALL_CLOCK_TIME, now -> running().tick(now * 1_000));
    }

    @Override
    public void process(Record<String, DeviceEvent> record) {
        running().take(record);
    }

    @Override
    public void close() {
        Task closing = task;
        if (closing != null) {
            closing.leave();
        }
        task = null;
    }

    private Task running() {
        Task running = task;
        if (running == null) {
            throw new IllegalStateException("the processor is not initialised");
        }
        return running;
    }

    /** What belongs to one assignment of the partition. */
    private final class Task {
        private final ProcessorContext<String, byte[]> context;
        private final KeyValueStore<String, byte[]> devices;
        private final KeyValueStore<String, byte[]> spans;
        private final Following following;
        private final Telling telling;
        private final PipelineLag lag;
        private final DuePlan plan = new DuePlan();
        private final TasksOfThread tasks = tasksOfThread.get();
        private long edition;
        private long lastTick = Long.MIN_VALUE;
        private boolean behind;
        private int countedDevices;
        private long countedOpenMinutes;

        Task(ProcessorContext<String, byte[]> context) {
            this.context = context;
            this.devices = context.getStateStore(DeviceTopology.DEVICE_STORE);
            this.spans = context.getStateStore(DeviceTopology.MINUTE_STORE);
            KeyValueStore<String, byte[]> ruleStore = context.getStateStore(DeviceTopology.RULE_STORE);
            rules.reload(ruleStore);
            this.following = new Following(rules, context.getStateStore(DeviceTopology.REGISTRY_STORE));
            this.telling = new Telling(context, counters, DeviceKey.of("none", "none"));
            this.lag = new PipelineLag(
                    policy.lag(), context.taskId().partition(), waitingReadings, context.currentSystemTimeMs());
            this.edition = rules.edition().number();
            long now = now();
            try (KeyValueIterator<String, byte[]> all = devices.all()) {
                while (all.hasNext()) {
                    KeyValue<String, byte[]> entry = all.next();
                    DeviceState.requireKnown(entry.value, entry.key);
                    // Nothing is known but that it may be due: readings that wait come first.
                    plan.plan(entry.key, DuePlan.NEVER, now);
                }
            }
            setBehind(lag.isBehind(context.currentSystemTimeMs()));
            tasks.joined();
            count();
        }

        private long now() {
            return context.currentSystemTimeMs() * 1_000;
        }

        void take(Record<String, DeviceEvent> record) {
            long now = now();
            String key = record.key();
            DeviceEvent event = record.value();
            DeviceKey device = event.device();
            if (event instanceof DeviceEvent.RegistrationChanged changed) {
                following.register(key, changed.registration());
                if (devices.get(key) == null) {
                    return; // It has not reported yet: nothing to judge by the new registration.
                }
            }
            if (event instanceof DeviceEvent.Corrected && devices.get(key) == null) {
                return; // Nothing is held of it.
            }
            DeviceState state = open(device, key, now, null);
            switch (event) {
                case DeviceEvent.Corrected corrected -> correct(state, corrected.correction());
                case DeviceEvent.Reported reported -> report(state, reported.reading(), record, now);
                case DeviceEvent.SessionChanged changed -> changeSession(state, changed.session(), now);
                case DeviceEvent.RegistrationChanged changed -> {
                    // taken above, before the rules that watch the device were looked up
                }
            }
            settle(state, key, now, null);
        }

        private void correct(DeviceState state, CorrectionRecord correction) {
            counters.corrected();
            String metric = correction.metric();
            state.windows.letGo(
                    metric == null ? null : new MetricName(metric), correction.from(), correction.to(), place());
        }

        private SourcePosition place() {
            RecordMetadata where = context.recordMetadata()
                    .orElseThrow(() -> new IllegalStateException("a record comes from a topic"));
            return new SourcePosition(where.partition(), where.offset());
        }

        private void report(DeviceState state, Reading reading, Record<String, DeviceEvent> record, long now) {
            counters.reading();
            if (lag.processed(record.timestamp(), context.currentSystemTimeMs())) {
                setBehind(true);
            }
            SourcePosition source = place();
            if (reading.flags().contains(ReadingFlag.BACKFILL)) {
                counters.backfilled();
                state.windows.note(reading, source);
                return;
            }
            state.windows.accept(reading, source, now, telling);
            boolean wasAway = state.presence.onReading(reading.receivedMicros(), reading.timeMicros(), now);
            state.metrics.onReading(reading.samples(), reading.receivedMicros(), wasAway, now);
            state.alerts.onReading(reading, now, telling);
        }

        void tick(long now) {
            setBehind(lag.isBehind(now / 1_000));
            boolean rulesChanged = edition != rules.edition().number();
            if (rulesChanged || now < lastTick - CLOCK_WENT_BACK_MICROS) {
                edition = rules.edition().number();
                plan.wakeAll(now);
            }
            long mayTakeNanos = tasks.lookNanos(sinceLastTick(now), policy.lookShare());
            lastTick = now;
            long began = System.nanoTime();
            do {
                String key = plan.next(now, behind);
                if (key == null) {
                    break;
                }
                counters.looked();
                look(key, now);
            } while (System.nanoTime() - began < mayTakeNanos);
            count();
        }

        private long sinceLastTick(long now) {
            return lastTick == Long.MIN_VALUE || now < lastTick
                    ? micros(policy.tick())
                    : Math.min(now - lastTick, LONGEST_TICK_MICROS);
        }

        private void look(String key, long now) {
            byte[] before = devices.get(key);
            DeviceKey device = DeviceKey.parse(key).orElse(null);
            if (before != null && device != null) {
                DeviceState state = open(device, key, now, before);
                state.windows.advance(now, behind, telling);
                state.alerts.advance(state.presence.lastSeenMicros(), now, behind, telling);
                settle(state, key, now, before);
            }
        }

        private DeviceState open(DeviceKey device, String key, long now, byte @Nullable [] loaded) {
            byte[] bytes = loaded == null ? devices.get(key) : loaded;
            StoredSpans minutes = StoredSpans.minutes(key, spans);
            StoredSpans hours = StoredSpans.hours(key, spans);
            DeviceState state = bytes == null
                    ? DeviceState.fresh(device, policy, minutes, hours)
                    : DeviceState.fromBytes(bytes, device, policy, minutes, hours);
            Following.Followed followed = following.of(device, key);
            telling.about(device, key, now, state.windows::newestSource);
            state.presence.declareInterval(followed.attributes().expectedInterval());
            state.alerts.follow(followed.watched(), state.metrics::lastSeenMicros, now, telling);
            return state;
        }

        private void settle(DeviceState state, String key, long now, byte @Nullable [] before) {
            tellPresence(state, now);
            byte[] after = state.toBytes(policy.stateFormat());
            if (before == null || !Arrays.equals(before, after)) {
                devices.put(key, after);
            }
            plan.plan(key, notBefore(state.windows.dueWhileCatchingUp(), now), notBefore(dueByWallClock(state), now));
            plan.noteOpen(key, state.windows.openMinutes());
        }

        private void tellPresence(DeviceState state, long now) {
            var change = state.presence.evaluate(now, behind);
            boolean metricsChanged = state.metrics.takeChange();
            if (change.isPresent()) {
                telling.presence(state.presence, change.get().previous(), state.metrics.silentMetrics());
                state.presenceTold(now);
            } else if (metricsChanged || isStale(state, now)) {
                telling.presence(state.presence, state.presence.state(), state.metrics.silentMetrics());
                state.presenceTold(now);
            }
        }

        private boolean isStale(DeviceState state, long now) {
            long every = micros(policy.presenceRefresh());
            return every > 0
                    && state.presence.state() == PresenceState.REPORTING
                    && state.hasUntoldLastSeen(now, every);
        }

        private static long dueByWallClock(DeviceState state) {
            return Math.min(
                    state.windows.dueMicros(),
                    Math.min(state.presence.dueMicros(), state.alerts.dueMicros(state.presence.lastSeenMicros())));
        }

        /** What a look has left due is looked at again in a second, not at every tick. */
        private static long notBefore(long due, long now) {
            return due <= now ? now + 1_000_000 : due;
        }

        private void setBehind(boolean isBehind) {
            if (behind != isBehind) {
                behind = isBehind;
                counters.tasksBehind(isBehind ? 1 : -1);
            }
        }

        private void count() {
            counters.devices(plan.devices() - countedDevices);
            counters.openMinutes(plan.openMinutes() - countedOpenMinutes);
            countedDevices = plan.devices();
            countedOpenMinutes = plan.openMinutes();
        }

        void leave() {
            tasks.left();
            setBehind(false);
            counters.devices(-countedDevices);
            counters.openMinutes(-countedOpenMinutes);
        }
    }

    private static long micros(Duration duration) {
        return duration.toNanos() / 1_000;
    }

    private static void changeSession(DeviceState state, SessionRecord session, long now) {
        Long since = session.since();
        switch (session.event()) {
            case "connected" -> state.presence.onSession(true, session.at(), since, now);
            case "status-online" -> state.presence.onStatus(true, session.at(), since, now);
            case "status-offline" -> state.presence.onStatus(false, session.at(), since, now);
            // Whatever else a gateway may come to say of a session, it is over.
            default -> state.presence.onSession(false, session.at(), since, now);
        }
    }
}
