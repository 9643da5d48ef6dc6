package dev.heliograph.connections.kafka;

import dev.heliograph.connections.Causes;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is known of the certificates on both ends of the connections to Kafka, as metrics. Kafka makes the engine factories of
 * its clients by itself, which is why this is kept for the whole process.
 */
public final class KafkaCertificates implements MeterBinder {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaCertificates.class);
    private static final long SAY_EVERY_NANOS = Duration.ofSeconds(1).toNanos();
    /** Of brokers; more are counted and not remembered. */
    private static final int MOST_PEERS = 1_000;
    /** A certificate that has ended for so long is that of a broker that is gone. */
    private static final Duration FORGOTTEN_AFTER = Duration.ofDays(1);

    private static final AtomicLong REFUSED = new AtomicLong();
    private static final AtomicLong RELOADED = new AtomicLong();
    private static final AtomicLong NOT_RELOADED = new AtomicLong();
    private static final Map<String, Long> SAID_AT = new ConcurrentHashMap<>();
    private static final Map<String, Instant> PEERS = new ConcurrentHashMap<>();
    private static final Set<RenewingSslEngineFactory> FACTORIES =
            Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    private final InstantSource clock;

    /** By the wall clock, as the judgement of certificates is. */
    public KafkaCertificates() {
        this(InstantSource.system());
    }

    KafkaCertificates(InstantSource clock) {
        this.clock = clock;
    }

    static void joined(RenewingSslEngineFactory factory) {
        FACTORIES.add(factory);
    }

    static void left(RenewingSslEngineFactory factory) {
        FACTORIES.remove(factory);
    }

    static void reloaded(boolean done) {
        (done ? RELOADED : NOT_RELOADED).incrementAndGet();
    }

    static void seen(String peer, X509Certificate[] chain) {
        firstEnd(chain).ifPresent(end -> {
            if (PEERS.size() < MOST_PEERS || PEERS.containsKey(peer)) {
                PEERS.put(peer, end);
            }
        });
    }

    /** Clients try again for ever: one line a second must do for each broker. */
    static void refused(String peer, X509Certificate[] chain, CertificateException why) {
        long count = REFUSED.incrementAndGet();
        if (isTimeToSay(peer)) {
            LOG.warn(
                    "Kafka at {} is not believed ({} times so far): {}; its certificate is {}",
                    peer,
                    count,
                    Causes.rootOf(why).getMessage(),
                    described(chain));
        }
        seen(peer, chain);
    }

    private static boolean isTimeToSay(String peer) {
        long now = System.nanoTime();
        if (SAID_AT.size() >= MOST_PEERS) {
            SAID_AT.clear();
        }
        Long said = SAID_AT.get(peer);
        if (said != null && now - said < SAY_EVERY_NANOS) {
            return false;
        }
        SAID_AT.put(peer, now);
        return true;
    }

    private static String described(X509Certificate[] chain) {
        if (chain.length == 0) {
            return "none";
        }
        X509Certificate leaf = chain[0];
        return leaf.getSubjectX500Principal() + ", serial "
                + leaf.getSerialNumber().toString(16) + ", issued by "
                + leaf.getIssuerX500Principal() + ", good from "
                + leaf.getNotBefore().toInstant() + " to " + leaf.getNotAfter().toInstant();
    }

    private static Optional<Instant> firstEnd(X509Certificate[] chain) {
        return Stream.of(chain)
                .map(certificate -> certificate.getNotAfter().toInstant())
                .min(Instant::compareTo);
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("heliograph.kafka.certificate.expiry", this, KafkaCertificates::ownSeconds)
                .description(
                        "Time until the first certificate ends that this service shows to Kafka; none: not a number")
                .baseUnit("seconds")
                .register(registry);
        Gauge.builder("heliograph.kafka.broker.certificate.expiry", this, KafkaCertificates::brokerSeconds)
                .description(
                        "Time until the first certificate ends that a broker showed with its newest connection; none: not a number")
                .baseUnit("seconds")
                .register(registry);
        FunctionCounter.builder("heliograph.kafka.certificate.refused", REFUSED, AtomicLong::doubleValue)
                .description("Connections to Kafka that were given up because its certificate was not believed")
                .register(registry);
        for (Map.Entry<String, AtomicLong> outcome :
                List.of(Map.entry("done", RELOADED), Map.entry("failed", NOT_RELOADED))) {
            FunctionCounter.builder("heliograph.kafka.certificate.reloads", outcome.getValue(), AtomicLong::doubleValue)
                    .description("Changed files of certificates for Kafka that were read again, or could not be")
                    .tag("outcome", outcome.getKey())
                    .register(registry);
        }
    }

    private double ownSeconds() {
        List<RenewingSslEngineFactory> all;
        synchronized (FACTORIES) {
            all = List.copyOf(FACTORIES);
        }
        return seconds(all.stream().flatMap(factory -> factory.ownEnds().stream()));
    }

    private double brokerSeconds() {
        Instant forgotten = clock.instant().minus(FORGOTTEN_AFTER);
        PEERS.values().removeIf(end -> end.isBefore(forgotten));
        return seconds(PEERS.values().stream());
    }

    private double seconds(Stream<Instant> ends) {
        return ends.min(Instant::compareTo)
                .map(end -> Duration.between(clock.instant(), end).toMillis() / 1e3)
                .orElse(Double.NaN);
    }
}
