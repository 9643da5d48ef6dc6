package dev.heliograph.query.stream;

import dev.heliograph.model.id.TenantId;
import dev.heliograph.query.ledger.JdbcLedger;
import dev.heliograph.query.ledger.LedgerAnswer;
import dev.heliograph.query.schedule.RecurringTask;
import dev.heliograph.query.security.Callers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tells the minutes of a tenant's ledger as they change, until they are settled and when they change after that. One question
 * to the database for each tenant with viewers, however many those are; without one, none. A viewer is told the whole of the
 * last hour first, so that whoever comes back needs no position. While the database is away nothing is told, and afterwards
 * what has changed meanwhile.
 */
public final class LedgerTicker extends RecurringTask {
    private static final Logger LOG = LoggerFactory.getLogger(LedgerTicker.class);
    /** Minutes that are looked at: longer than a claim may be in flight without being missing. */
    private static final Duration LOOK_BACK = Duration.ofHours(1);

    private final JdbcLedger ledger;
    private final LiveHub hub;
    private final JsonMapper json;
    private final Clock clock;
    // By tenant with viewers, what was told last.
    private final Map<TenantId, Map<Instant, LedgerAnswer.Counts>> told = new HashMap<>();

    /** @param interval time between two looks */
    public LedgerTicker(JdbcLedger ledger, LiveHub hub, JsonMapper json, Clock clock, Duration interval) {
        super("ledger-ticker", interval);
        this.ledger = ledger;
        this.hub = hub;
        this.json = json;
        this.clock = clock;
    }

    @Override
    protected void round() {
        Set<TenantId> watched = hub.tenantsOf(StreamTopic.LEDGER);
        told.keySet().retainAll(watched);
        for (TenantId tenant : watched) {
            try {
                tell(tenant);
            } catch (DataAccessException away) {
                LOG.debug("The ledger of {} can not be read now: {}", tenant, away.getMessage());
            }
        }
    }

    private void tell(TenantId tenant) {
        Instant now = clock.instant();
        List<LedgerAnswer.Item> minutes =
                Callers.actingFor(tenant, () -> ledger.minutes(tenant, now.minus(LOOK_BACK), now));
        Map<Instant, LedgerAnswer.Counts> before = told.getOrDefault(tenant, Map.of());
        Map<Instant, LedgerAnswer.Counts> after = new HashMap<>();
        List<Fragment> all = new ArrayList<>();
        List<Fragment> changed = new ArrayList<>();
        for (LedgerAnswer.Item minute : minutes) {
            Fragment fragment = fragment(minute);
            all.add(fragment);
            if (!minute.counts().equals(before.get(minute.start()))) {
                changed.add(fragment);
            }
            after.put(minute.start(), minute.counts());
        }
        told.put(tenant, after);
        hub.toTenant(tenant, StreamTopic.LEDGER, frame(all), frame(changed));
    }

    private static @Nullable Frame frame(List<Fragment> fragments) {
        return fragments.isEmpty() ? null : Frame.of(fragments, null);
    }

    private Fragment fragment(LedgerAnswer.Item minute) {
        return new Fragment(
                StreamTopic.LEDGER, "ledger", "", null, "ledger/" + minute.start(), json.writeValueAsBytes(minute));
    }
}
