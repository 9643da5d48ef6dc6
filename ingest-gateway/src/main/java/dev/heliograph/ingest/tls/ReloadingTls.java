package dev.heliograph.ingest.tls;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS as the files say now. Their content is compared at an interval, not their times: a mounted Secret changes by a swap
 * of links, which neither a watch on the file nor its date tells reliably. A state that is not usable as a whole changes
 * nothing: the former one stays in force, and log and metrics say so until the files are in order again.
 *
 * <p>Connections keep what they were opened with; whoever shows a certificate is judged again, see {@link #onLook}.
 * Sessions of the former state cannot be resumed. Thread-safe.
 */
public final class ReloadingTls implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReloadingTls.class);
    private static final double MILLIS_PER_SECOND = 1_000;

    private final TlsSettings settings;
    private final InstantSource clock;
    private final Counter reloaded;
    private final Counter failed;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("tls-reload").daemon().factory());
    private volatile TlsMaterial material;
    private volatile @Nullable String fault;
    private @Nullable TlsFiles seen;

    /**
     * Reads the files once.
     *
     * @throws IllegalStateException if they cannot be used: at the start there is nothing to go on with
     */
    public ReloadingTls(TlsSettings settings, InstantSource clock, MeterRegistry registry) {
        this.settings = settings;
        this.clock = clock;
        try {
            TlsFiles files = TlsFiles.read(settings);
            this.material = TlsMaterial.of(settings, files);
            this.seen = files;
        } catch (GeneralSecurityException | IOException | IllegalArgumentException unusable) {
            throw new IllegalStateException("cannot use the certificate " + settings.certificate(), unusable);
        }
        this.reloaded = reloads(registry, "done");
        this.failed = reloads(registry, "failed");
        Gauge.builder("heliograph.ingest.certificate.expiry.seconds", this, ReloadingTls::secondsToExpiry)
                .description("Seconds until the certificate of the MQTT endpoint, or one of its chain, expires")
                .register(registry);
        Gauge.builder("heliograph.ingest.certificate.broken", this, tls -> tls.fault == null ? 0 : 1)
                .description("1 while the TLS files cannot be used and the former ones stay in force")
                .register(registry);
    }

    private static Counter reloads(MeterRegistry registry, String outcome) {
        return Counter.builder("heliograph.ingest.certificate.reloads")
                .description("Changes of the TLS files, by whether they could be used")
                .tag("outcome", outcome)
                .register(registry);
    }

    /** Starts to look at the files. */
    public void start() {
        long millis = settings.reloadInterval().toMillis();
        timer.scheduleWithFixedDelay(this::look, millis, millis, TimeUnit.MILLISECONDS);
    }

    /** Runs the task after each look, on the thread that looks: whatever was let in by certificate is to be judged again. */
    public void onLook(Runnable task) {
        listeners.add(task);
    }

    /** A handler for one more connection. */
    public SslHandler handler(ByteBufAllocator allocator) {
        return material.context().newHandler(allocator);
    }

    /** Whether a device with this chain would still be let in. */
    public boolean trusts(X509Certificate[] chain) {
        return material.trusts(chain);
    }

    /** What is wrong with the files at present, or null. */
    public @Nullable String fault() {
        return fault;
    }

    private double secondsToExpiry() {
        return Duration.between(clock.instant(), material.expiry()).toMillis() / MILLIS_PER_SECOND;
    }

    private void look() {
        try {
            reloadIfChanged();
            listeners.forEach(Runnable::run);
        } catch (RuntimeException bug) {
            // A periodic task that throws is never run again.
            LOG.error("Fault while looking at the TLS files", bug);
        }
    }

    private void reloadIfChanged() {
        TlsFiles files = null;
        try {
            files = TlsFiles.read(settings);
            if (files.sameAs(seen)) {
                return;
            }
            material = TlsMaterial.of(settings, files);
            fault = null;
            reloaded.increment();
            LOG.info(
                    "The TLS files have changed; new connections use them. The certificate expires at {}",
                    material.expiry());
        } catch (GeneralSecurityException | IOException | IllegalArgumentException unusable) {
            String words = unusable.toString();
            if (files != null || !words.equals(fault)) {
                failed.increment();
                LOG.error("The TLS files cannot be used; the former ones stay in force: {}", words);
            }
            fault = words;
        }
        // What was unusable once stays so until it changes again; a file that could not be read is tried each time.
        if (files != null) {
            seen = files;
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
