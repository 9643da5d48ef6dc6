package dev.heliograph.simulator.mqtt;

import dev.heliograph.simulator.history.History;
import dev.heliograph.simulator.history.History.Outcome;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.jspecify.annotations.Nullable;

/**
 * What a careful device does with its messages: it keeps each until a PUBACK decides it, sends it again after a lost connection
 * or a "not now", in the old order, and has a bounded memory. Offers never block. All methods may be called by any thread.
 */
public final class DeviceLink {
    private static final System.Logger LOG = System.getLogger(DeviceLink.class.getName());
    private static final long SLACK_MILLIS = 2_000;
    private static final long RETRY_PUBLISH_MILLIS = 50;
    private static final long OFFLINE_MILLIS = 1_000;

    private enum State {
        DISCONNECTED,
        CONNECTED,
        CLOSED
    }

    /** A message with what happened to it so far. */
    private static final class Slot implements Comparable<Slot> {
        private final Outgoing message;
        private int attempts;
        private long sentNanos;

        Slot(Outgoing message) {
            this.message = message;
        }

        @Override
        public int compareTo(Slot other) {
            return message.compareTo(other.message);
        }
    }

    private final LinkRuntime runtime;
    private final FleetMeter meter;
    private final History history;
    private final LinkIdentity identity;
    private final Backoff connectBackoff;
    private final Backoff quotaBackoff;

    private final Object lock = new Object();
    private final PriorityQueue<Slot> pending = new PriorityQueue<>();
    private final Set<Slot> inFlight = new HashSet<>();
    private State state = State.DISCONNECTED;
    /** Number of the connection attempt: what an older one says is not listened to. */
    private int epoch;

    private boolean lostEarly;
    private int window;
    private boolean paused;
    private @Nullable PahoConnection connection;

    /** A link that is not connected yet. */
    public DeviceLink(LinkRuntime runtime, LinkIdentity identity, RandomGenerator random) {
        this.runtime = runtime;
        this.meter = runtime.meter;
        this.history = runtime.history;
        this.identity = identity;
        LinkSettings settings = runtime.settings;
        this.connectBackoff = new Backoff(settings.firstBackoff(), settings.longestBackoff(), random);
        this.quotaBackoff = new Backoff(settings.firstBackoff(), settings.longestBackoff(), random);
    }

    /** Begins to connect, and stays at it until {@link #close}. */
    public void start() {
        runtime.block(this::attempt);
    }

    /** Takes a message to send. Where the memory is full, the oldest waiting message is given up, and counted. */
    public void offer(Outgoing message) {
        synchronized (lock) {
            if (state == State.CLOSED) {
                return;
            }
            if (pending.size() >= runtime.settings.pendingLimit()) {
                drop(pending.remove());
            }
            pending.add(new Slot(message));
            pump();
        }
    }

    /** Whether a message can be offered without giving up another. */
    public boolean hasRoom() {
        synchronized (lock) {
            return pending.size() < runtime.settings.pendingLimit();
        }
    }

    /** Messages without a final answer. */
    public int unanswered() {
        synchronized (lock) {
            return pending.size() + inFlight.size();
        }
    }

    /** Says {@code offline} and disconnects. What has no answer yet is given up. Blocks for a moment. */
    public void close() {
        PahoConnection last;
        synchronized (lock) {
            boolean wasConnected = state == State.CONNECTED;
            state = State.CLOSED;
            epoch++;
            last = connection;
            connection = null;
            inFlight.forEach(slot -> answer(slot, Outcome.UNKNOWN, 0));
            meter.unknown.add(inFlight.size());
            inFlight.clear();
            pending.forEach(this::drop);
            pending.clear();
            if (wasConnected) {
                meter.connected.decrement();
            }
        }
        if (last != null) {
            sayOffline(last);
            release(last, true);
        }
    }

    private void attempt() {
        int current;
        synchronized (lock) {
            if (state != State.DISCONNECTED) {
                return;
            }
            current = ++epoch;
            lostEarly = false;
        }
        PahoConnection fresh = null;
        try {
            runtime.connects.acquire();
            try {
                fresh = new PahoConnection(runtime, identity, reason -> runtime.decide(() -> lost(current, reason)));
                CompletableFuture<Integer> answer = new CompletableFuture<>();
                fresh.connect(completing(answer));
                answer.get(runtime.settings.connectTimeout().toMillis() + SLACK_MILLIS, TimeUnit.MILLISECONDS);
            } finally {
                runtime.connects.release();
            }
            connected(current, fresh);
        } catch (ExecutionException e) {
            failed(fresh, e.getCause() == null ? e : e.getCause());
        } catch (MqttException | TimeoutException e) {
            failed(fresh, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the fleet ends
        }
    }

    private void connected(int current, PahoConnection fresh) {
        boolean useless;
        synchronized (lock) {
            useless = state == State.CLOSED || lostEarly;
            if (!useless) {
                state = State.CONNECTED;
                connection = fresh;
                window = Math.min(runtime.settings.inFlight(), fresh.receiveMaximum());
                meter.connects.increment();
                meter.connected.increment();
                sayOnline(current, fresh);
                pump();
            }
        }
        if (useless) {
            failed(fresh, new IllegalStateException("the connection was lost as soon as it was made"));
        }
    }

    private void failed(@Nullable PahoConnection useless, Throwable cause) {
        meter.connectFailures.increment();
        if (cause instanceof MqttException refusal
                && refusal.getReasonCode() >= 0x80
                && refusal.getReasonCode() <= 0xFF) {
            meter.countCode(refusal.getReasonCode());
        }
        meter.problem(identity.clientId() + " cannot connect: " + describe(cause));
        LOG.log(System.Logger.Level.DEBUG, () -> identity.clientId() + " cannot connect", cause);
        if (useless != null) {
            release(useless, false);
        }
        retryConnect();
    }

    private void lost(int of, String reason) {
        PahoConnection old;
        synchronized (lock) {
            if (of != epoch || state != State.CONNECTED) {
                lostEarly |= of == epoch;
                return;
            }
            state = State.DISCONNECTED;
            epoch++;
            old = connection;
            connection = null;
            meter.connected.decrement();
            meter.problem(identity.clientId() + " lost its connection: " + reason);
            for (Slot slot : new ArrayList<>(inFlight)) {
                unanswered(slot);
            }
        }
        if (old != null) {
            runtime.block(() -> release(old, false));
        }
        retryConnect();
    }

    private void retryConnect() {
        long delayMillis;
        synchronized (lock) {
            if (state == State.CLOSED) {
                return;
            }
            delayMillis = connectBackoff.nextMillis();
        }
        runtime.decideIn(delayMillis, () -> runtime.block(this::attempt));
    }

    // Holds the lock.
    private void pump() {
        while (state == State.CONNECTED && !paused && inFlight.size() < window && !pending.isEmpty()) {
            Slot slot = pending.remove();
            if (!publish(slot)) {
                runtime.decideIn(RETRY_PUBLISH_MILLIS, this::pumpLater);
                return;
            }
        }
    }

    private void pumpLater() {
        synchronized (lock) {
            pump();
        }
    }

    private boolean publish(Slot slot) {
        PahoConnection current = connection;
        if (current == null) {
            throw new IllegalStateException(identity.clientId() + " is connected without a connection");
        }
        slot.attempts++;
        history.sending(slot.message, slot.attempts);
        slot.sentNanos = System.nanoTime();
        inFlight.add(slot);
        try {
            current.publish(slot.message.topic(), slot.message.payload(), new PublishAnswer(epoch, slot));
            meter.sent.increment();
            return true;
        } catch (MqttException e) {
            // Nothing left the device: the client was full, or its connection had just ended.
            LOG.log(System.Logger.Level.DEBUG, () -> identity.clientId() + " cannot publish now", e);
            inFlight.remove(slot);
            answer(slot, Outcome.UNKNOWN, 0);
            pending.add(slot);
            return false;
        }
    }

    private void unanswered(Slot slot) {
        inFlight.remove(slot);
        meter.unknown.increment();
        answer(slot, Outcome.UNKNOWN, 0);
        pending.add(slot);
    }

    private void answered(int of, Slot slot, int reasonCode, long atNanos) {
        synchronized (lock) {
            if (of != epoch || !inFlight.remove(slot)) {
                return;
            }
            switch (PubackVerdict.of(reasonCode)) {
                case DONE -> {
                    meter.acknowledged.increment();
                    meter.recordAck(atNanos - slot.sentNanos);
                    answer(slot, Outcome.ACKNOWLEDGED, reasonCode);
                    connectBackoff.succeeded();
                    quotaBackoff.succeeded();
                }
                case LATER -> {
                    meter.later.increment();
                    meter.countCode(reasonCode);
                    answer(slot, Outcome.LATER, reasonCode);
                    pending.add(slot);
                    pause();
                }
                case REFUSED -> {
                    meter.refused.increment();
                    meter.countCode(reasonCode);
                    answer(slot, Outcome.REFUSED, reasonCode);
                }
            }
            pump();
        }
    }

    private void failedToAnswer(int of, Slot slot) {
        synchronized (lock) {
            if (of == epoch && inFlight.contains(slot)) {
                unanswered(slot);
                // Most often the connection has ended, and is told to have ended in a moment.
                runtime.decideIn(RETRY_PUBLISH_MILLIS, this::pumpLater);
            }
        }
    }

    // Several answers of one overload make one pause, not several.
    private void pause() {
        if (paused) {
            return;
        }
        paused = true;
        runtime.decideIn(quotaBackoff.nextMillis(), () -> {
            synchronized (lock) {
                paused = false;
                pump();
            }
        });
    }

    private void drop(Slot slot) {
        meter.dropped.increment();
        answer(slot, Outcome.DROPPED, 0);
    }

    private void answer(Slot slot, Outcome outcome, int reasonCode) {
        history.answered(slot.message, slot.attempts, outcome, reasonCode);
    }

    private void sayOnline(int current, PahoConnection fresh) {
        for (String topic : identity.statusTopics()) {
            try {
                fresh.publishStatus(topic, "online", runtime.settings.retainStatus(), new StatusAnswer(current));
            } catch (MqttException e) {
                meter.problem(identity.clientId() + " cannot say that it is online: " + describe(e));
            }
        }
    }

    private void sayOffline(PahoConnection last) {
        for (String topic : identity.statusTopics()) {
            try {
                CompletableFuture<Integer> answer = new CompletableFuture<>();
                last.publishStatus(topic, "offline", runtime.settings.retainStatus(), completing(answer));
                answer.get(OFFLINE_MILLIS, TimeUnit.MILLISECONDS);
            } catch (MqttException | ExecutionException | TimeoutException e) {
                LOG.log(System.Logger.Level.DEBUG, () -> identity.clientId() + " went without saying so", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void release(PahoConnection useless, boolean politely) {
        try {
            useless.close(politely);
        } catch (MqttException e) {
            LOG.log(System.Logger.Level.DEBUG, () -> identity.clientId() + " ended its connection badly", e);
        }
    }

    private static String describe(Throwable cause) {
        Throwable root = cause.getCause() == null ? cause : cause.getCause();
        return root instanceof MqttException refusal && refusal.getReasonCode() >= 0x80
                ? "reason code 0x" + Integer.toHexString(refusal.getReasonCode())
                : root.getClass().getSimpleName() + ": " + root.getMessage();
    }

    private static PahoConnection.Answer completing(CompletableFuture<Integer> future) {
        return new PahoConnection.Answer() {
            @Override
            public void answered(int reasonCode) {
                future.complete(reasonCode);
            }

            @Override
            public void failed(Throwable cause) {
                future.completeExceptionally(cause);
            }
        };
    }

    private final class PublishAnswer implements PahoConnection.Answer {
        private final int of;
        private final Slot slot;

        PublishAnswer(int of, Slot slot) {
            this.of = of;
            this.slot = slot;
        }

        @Override
        public void answered(int reasonCode) {
            long atNanos = System.nanoTime();
            runtime.decide(() -> DeviceLink.this.answered(of, slot, reasonCode, atNanos));
        }

        @Override
        public void failed(Throwable cause) {
            runtime.decide(() -> failedToAnswer(of, slot));
        }
    }

    private final class StatusAnswer implements PahoConnection.Answer {
        private final int of;

        StatusAnswer(int of) {
            this.of = of;
        }

        @Override
        public void answered(int reasonCode) {
            if (reasonCode >= 0x80) {
                meter.countCode(reasonCode);
                meter.problem(identity.clientId() + " may not say that it is online: reason code 0x"
                        + Integer.toHexString(reasonCode));
            }
        }

        @Override
        public void failed(Throwable cause) {
            LOG.log(System.Logger.Level.DEBUG, () -> identity.clientId() + " lost connection " + of, cause);
        }
    }
}
