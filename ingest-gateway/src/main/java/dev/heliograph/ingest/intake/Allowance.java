package dev.heliograph.ingest.intake;

import org.jspecify.annotations.Nullable;

/** What one device may send, within what its tenant and the instance may. Thread-safe. */
public final class Allowance {
    private final Allowances all;
    private final Meter device;
    private final Allowances.OfTenant tenant;
    private final InFlightBudget.Share share;
    private final @Nullable Meter history;

    Allowance(
            Allowances all,
            Meter device,
            Allowances.OfTenant tenant,
            InFlightBudget.Share share,
            @Nullable Meter history) {
        this.all = all;
        this.device = device;
        this.tenant = tenant;
        this.share = share;
        this.history = history;
    }

    /** The same sender where it brings history. */
    Allowance besides(Meter ofHistory) {
        return new Allowance(all, device, tenant, share, ofHistory);
    }

    /**
     * Counts a message if it is within all limits.
     *
     * @return null if it is, and otherwise the narrowest limit that it is not within; then it is not counted
     */
    public @Nullable Excess tryTake(int payloadBytes) {
        long now = all.now();
        Excess excess = excess(now);
        if (excess == null) {
            take(payloadBytes, now);
        }
        return excess;
    }

    /**
     * Counts a message in any case, for a sender that cannot be told to come again.
     *
     * @return null if it was within all limits, and otherwise the limit that it was not within, and how long nothing more
     *     should be taken from the sender
     */
    public @Nullable Excess takeOnCredit(int payloadBytes) {
        long now = all.now();
        Excess excess = excess(now);
        take(payloadBytes, now);
        return excess == null
                ? null
                : new Excess(excess.scope(), excess.quantity(), excess.perSecond(), debtNanos(now));
    }

    /** Counts the measurements of a message that was taken, as soon as they are known. */
    public void measured(int measurements) {
        if (measurements > 0) {
            long now = all.now();
            device.take(0, measurements, 0, now);
            tenant.meter().take(0, measurements, 0, now);
            tenant.fairPart().take(0, measurements, 0, now);
            all.instance().take(0, measurements, 0, now);
            if (history != null) {
                history.take(0, measurements, 0, now);
            }
        }
    }

    /** The device's part of what may be in flight. */
    public InFlightBudget.Share share() {
        return share;
    }

    private @Nullable Excess excess(long now) {
        Quantity quantity = device.exhausted(now);
        if (quantity != null) {
            return excess(Excess.Scope.DEVICE, quantity, all.settings().device(), device, now);
        }
        quantity = tenant.meter().exhausted(now);
        if (quantity != null) {
            return excess(Excess.Scope.TENANT, quantity, all.settings().tenant(), tenant.meter(), now);
        }
        all.sends(tenant, now);
        quantity = all.instance().exhausted(now);
        if (quantity != null && tenant.fairPart().exhausted(now) != null) {
            return excess(Excess.Scope.INSTANCE, quantity, all.settings().instance(), all.instance(), now);
        }
        if (history != null && history.exhausted(now) instanceof Quantity spent) {
            return excess(Excess.Scope.HISTORY, spent, all.settings().history(), history, now);
        }
        return null;
    }

    private static Excess excess(Excess.Scope scope, Quantity quantity, Rates rates, Meter meter, long now) {
        return new Excess(scope, quantity, rates.of(quantity), meter.waitNanos(quantity, now));
    }

    private long debtNanos(long now) {
        long own = Math.max(device.debtNanos(now), tenant.meter().debtNanos(now));
        // Within its fair part of the instance a tenant does not wait for the debts of others.
        long ofInstance =
                Math.min(all.instance().debtNanos(now), tenant.fairPart().debtNanos(now));
        return Math.max(own, ofInstance);
    }

    private void take(int bytes, long now) {
        device.take(1, 0, bytes, now);
        tenant.meter().take(1, 0, bytes, now);
        tenant.fairPart().take(1, 0, bytes, now);
        all.instance().take(1, 0, bytes, now);
    }
}
