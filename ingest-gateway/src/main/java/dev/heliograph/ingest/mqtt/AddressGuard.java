package dev.heliograph.ingest.mqtt;

import dev.heliograph.ingest.intake.TokenBucket;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongSupplier;

/**
 * Bounds what an address can cost before it has proven whose it is: sockets opened a second, sockets open at once, refused
 * CONNECTs. Thread-safe.
 *
 * <p>The memory is fixed: addresses are spread by a secret number over {@value #SLOTS} slots, and those that fall into the
 * same slot share its bounds. So nobody can fill a table by inventing addresses; who has as many addresses as there are slots
 * is stopped by the bound of the instance only. IPv6 counts by network of 64 bits, which is what one subscriber has.
 */
final class AddressGuard {
    private static final int SLOTS = 1 << 14;
    private static final int IPV6_NETWORK_BYTES = 8;
    private static final int BURST_SECONDS = 10;
    private static final double SECONDS_PER_MINUTE = 60;

    private final MqttSettings.Admission settings;
    private final LongSupplier nanoTime;
    private final int secret = ThreadLocalRandom.current().nextInt();
    private final AtomicReferenceArray<Slot> slots = new AtomicReferenceArray<>(SLOTS);
    private final AtomicInteger pending = new AtomicInteger();

    AddressGuard(MqttSettings.Admission settings, LongSupplier nanoTime) {
        this.settings = settings;
        this.nanoTime = nanoTime;
    }

    /** What came of a new socket. */
    enum Verdict {
        ADMITTED,
        /** The address opens sockets too fast, or has too many that are not connected yet. */
        ADDRESS_OVER,
        /** The instance has too many that are not connected yet. */
        INSTANCE_OVER
    }

    private final class Slot {
        private final AtomicInteger open = new AtomicInteger();
        private final TokenBucket connects = new TokenBucket(
                settings.connectsPerSecondPerAddress(),
                (double) settings.connectsPerSecondPerAddress() * BURST_SECONDS,
                nanoTime.getAsLong());
        private final TokenBucket failures = new TokenBucket(
                settings.failuresPerMinutePerAddress() / SECONDS_PER_MINUTE,
                settings.failuresPerMinutePerAddress(),
                nanoTime.getAsLong());
    }

    /** A socket was opened; if admitted, {@link #settled} must follow once. */
    Verdict opened(InetAddress address) {
        if (pending.incrementAndGet() > settings.maxPending()) {
            pending.decrementAndGet();
            return Verdict.INSTANCE_OVER;
        }
        Slot slot = slot(address);
        if (slot.open.incrementAndGet() > settings.maxPendingPerAddress()
                || !slot.connects.tryTake(nanoTime.getAsLong())) {
            slot.open.decrementAndGet();
            pending.decrementAndGet();
            return Verdict.ADDRESS_OVER;
        }
        return Verdict.ADMITTED;
    }

    /** The socket is connected as a device's, or closed. */
    void settled(InetAddress address) {
        slot(address).open.decrementAndGet();
        pending.decrementAndGet();
    }

    /** A CONNECT was refused; says whether the answer may go at once. */
    boolean mayAnswerAtOnce(InetAddress address) {
        return slot(address).failures.tryTake(nanoTime.getAsLong());
    }

    /** Sockets that are neither connected nor closed. */
    int pending() {
        return pending.get();
    }

    private Slot slot(InetAddress address) {
        byte[] bytes = address.getAddress();
        byte[] network = address instanceof Inet6Address ? Arrays.copyOf(bytes, IPV6_NETWORK_BYTES) : bytes;
        int hash = secret;
        for (byte part : network) {
            hash = (hash ^ part) * 0x01000193; // FNV-1a
        }
        int index = (hash ^ hash >>> 15) & SLOTS - 1;
        Slot known = slots.get(index);
        if (known != null) {
            return known;
        }
        Slot fresh = new Slot();
        Slot first = slots.compareAndExchange(index, null, fresh);
        return first == null ? fresh : first;
    }
}
