package dev.heliograph.ingest.intake;

import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.id.TenantId;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;

/**
 * What each sender may send: the rates of devices, tenants and this instance, and their shares of what may be in flight.
 * Counted over all connections and transports, so that reconnecting wins nothing. Bounded by the number of registered
 * devices and tenants. Thread-safe.
 *
 * <p><b>Fairness.</b> The limits of a device or a tenant delay only that device or tenant. When the instance's limit is
 * reached, every tenant still has an equal part of it: who stays below that part notices nothing of those who do not.
 */
public final class Allowances {
    private static final double FAIR_SECONDS = 1;
    private static final double NO_END = Double.POSITIVE_INFINITY;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final LimitSettings settings;
    private final InFlightBudget budget;
    private final LongSupplier nanoTime;
    private final Meter instance;
    private final Meter history;
    private final ActiveCount active;
    private final ConcurrentMap<DeviceKey, Allowance> devices = new ConcurrentHashMap<>();
    private final ConcurrentMap<TenantId, OfTenant> tenants = new ConcurrentHashMap<>();
    private final ConcurrentMap<TenantId, Allowance> unnamed = new ConcurrentHashMap<>();

    /**
     * Allowances of nobody yet.
     *
     * @param budget what may be in flight
     * @param nanoTime a clock as {@link System#nanoTime}
     */
    public Allowances(LimitSettings settings, InFlightBudget budget, LongSupplier nanoTime) {
        this.settings = settings;
        this.budget = budget;
        this.nanoTime = nanoTime;
        long now = nanoTime.getAsLong();
        this.instance = new Meter(settings.instance(), settings.burstSeconds(), NO_END, now);
        // One second of it at most at once: a burst would be in the way of live data.
        this.history = new Meter(settings.history(), FAIR_SECONDS, NO_END, now);
        this.active = new ActiveCount(now);
    }

    /** What belongs to a tenant. */
    record OfTenant(Meter meter, Meter fairPart, InFlightBudget.Share share, ActiveCount.Mark mark) {}

    /** The allowance of a device. */
    public Allowance of(DeviceKey device) {
        Allowance known = devices.get(device);
        return known != null ? known : devices.computeIfAbsent(device, this::fresh);
    }

    /** The allowance of a device that brings history: its own, and beside it what all of them together may bring. */
    public Allowance ofHistory(DeviceKey device) {
        return of(device).besides(history);
    }

    /** Forgets a device that is no longer registered. */
    public void forget(DeviceKey device) {
        devices.remove(device);
    }

    /** What is sent for a tenant by nobody in particular: limited as the tenant is. For tenants that the configuration names. */
    public Allowance of(TenantId tenant) {
        return unnamed.computeIfAbsent(tenant, name -> {
            OfTenant whole = ofTenant(name);
            Meter none = new Meter(Rates.NONE, settings.burstSeconds(), NO_END, nanoTime.getAsLong());
            return new Allowance(this, none, whole, budget.deviceShare(whole.share()), null);
        });
    }

    private OfTenant ofTenant(TenantId tenant) {
        return tenants.computeIfAbsent(tenant, name -> {
            long now = nanoTime.getAsLong();
            return new OfTenant(
                    new Meter(settings.tenant(), settings.burstSeconds(), NO_END, now),
                    new Meter(settings.instance(), FAIR_SECONDS, FAIR_SECONDS, now),
                    budget.tenantShare(),
                    new ActiveCount.Mark());
        });
    }

    private Allowance fresh(DeviceKey device) {
        OfTenant tenant = ofTenant(device.tenant());
        Meter meter = new Meter(settings.device(), settings.burstSeconds(), NO_END, nanoTime.getAsLong());
        return new Allowance(this, meter, tenant, budget.deviceShare(tenant.share()), null);
    }

    LimitSettings settings() {
        return settings;
    }

    InFlightBudget budget() {
        return budget;
    }

    Meter instance() {
        return instance;
    }

    long now() {
        return nanoTime.getAsLong();
    }

    /** Notes that the tenant sends, and makes its fair part what it is among those who do. */
    void sends(OfTenant tenant, long now) {
        if (!settings.instance().areUnlimited()) {
            tenant.fairPart().share(1.0 / active.with(tenant.mark(), now), now);
        }
    }

    /** How many tenants have sent something lately: in this second or in the one before. */
    private static final class ActiveCount {
        private final long origin;
        private long second;
        private int inThis;
        private int inLast;

        ActiveCount(long originNanos) {
            this.origin = originNanos;
        }

        /** When a tenant was counted last. */
        static final class Mark {
            private long second = -1;
        }

        synchronized int with(Mark tenant, long nowNanos) {
            long now = (nowNanos - origin) / NANOS_PER_SECOND;
            if (now > second) {
                inLast = now == second + 1 ? inThis : 0;
                inThis = 0;
                second = now;
            }
            if (tenant.second < second) {
                tenant.second = second;
                inThis++;
            }
            return Math.max(1, Math.max(inThis, inLast));
        }
    }
}
