package dev.heliograph.query.devices;

import dev.heliograph.model.id.TenantId;
import dev.heliograph.query.audit.AuditTrail;
import dev.heliograph.query.devices.BulkChange.BulkConflict;
import dev.heliograph.query.devices.BulkChange.BulkConflicts;
import dev.heliograph.query.devices.BulkChange.BulkDraft;
import dev.heliograph.query.devices.BulkChange.BulkPreview;
import dev.heliograph.query.devices.BulkChange.BulkResult;
import dev.heliograph.query.devices.BulkChange.BulkSample;
import dev.heliograph.query.devices.BulkChange.Found;
import dev.heliograph.query.devices.BulkChange.Kept;
import dev.heliograph.query.problem.ProblemException.Fault;
import dev.heliograph.query.problem.Problems;
import dev.heliograph.query.search.Search;
import dev.heliograph.query.search.Searches;
import dev.heliograph.query.security.Caller;
import dev.heliograph.query.web.Patches;
import dev.heliograph.query.web.Text;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Changes of many devices in two steps. The first shows what would happen and keeps it: these devices, in these versions.
 * The second carries out exactly that or nothing: a device that was changed meanwhile ends it with 409.
 */
final class BulkChanges {
    private static final int SHOWN = 10;
    private static final int LISTED = 20;
    private static final DeviceChange EMPTY =
            new DeviceChange(null, null, null, Map.of(), null, null, null, null, null);

    private final JdbcBulk bulk;
    private final DeviceRegistry registry;
    private final Searches searches;
    private final Patches patches;
    private final AuditTrail audit;
    private final TransactionTemplate transactions;
    private final JsonMapper json;
    private final FleetSettings settings;
    private final Clock clock;

    BulkChanges(
            JdbcBulk bulk,
            DeviceRegistry registry,
            Searches searches,
            Patches patches,
            AuditTrail audit,
            TransactionTemplate transactions,
            JsonMapper json,
            FleetSettings settings,
            Clock clock) {
        this.bulk = bulk;
        this.registry = registry;
        this.searches = searches;
        this.patches = patches;
        this.audit = audit;
        this.transactions = transactions;
        this.json = json;
        this.settings = settings;
        this.clock = clock;
    }

    /** Shows what a change would do, and keeps it for {@link #apply}. */
    BulkPreview preview(Caller caller, BulkDraft draft) {
        Search search = searches.ofParameter("/q", draft.q());
        JsonNode patch = checked(draft.change());
        List<Found> found = bulk.find(caller.tenant(), search, patch, settings.maxChange() + 1);
        if (found.size() > settings.maxChange()) {
            throw Problems.overLimit("A change may touch " + settings.maxChange() + " devices; the search finds more.");
        }
        List<Found> changed = new ArrayList<>();
        List<BulkConflict> conflicts = new ArrayList<>();
        int conflicting = 0;
        for (Found device : found) {
            if (device.differs() && device.labels() > Text.MAX_LABELS) {
                conflicting++;
                if (conflicts.size() < LISTED) {
                    conflicts.add(new BulkConflict(device.id(), "would have more than " + Text.MAX_LABELS + " labels"));
                }
            } else if (device.differs()) {
                changed.add(device);
            }
        }
        UUID token = changed.isEmpty() ? null : UUID.randomUUID();
        Instant expires = clock.instant().plus(settings.previewLife());
        if (token != null) {
            keep(caller, token, search, patch, changed, expires);
        }
        return new BulkPreview(
                token,
                token == null ? null : expires,
                found.size(),
                changed.size(),
                found.size() - changed.size() - conflicting,
                new BulkConflicts(conflicting, conflicts),
                samples(caller.tenant(), patch, changed.subList(0, Math.min(SHOWN, changed.size()))));
    }

    private void keep(Caller caller, UUID token, Search search, JsonNode patch, List<Found> changed, Instant expires) {
        Kept kept = new Kept(
                search.written(),
                patch,
                changed.stream().map(Found::id).toList(),
                changed.stream().map(Found::version).toList());
        transactions.executeWithoutResult(
                status -> bulk.keep(caller.tenant(), token, caller.name(), kept, expires, settings.previews()));
    }

    /** The patch, if it is one of any device whatever it is like. */
    private JsonNode checked(@Nullable JsonNode patch) {
        if (patch == null || !patch.isObject() || patch.isEmpty()) {
            throw Problems.badBody("/change", "must be an object of the fields to change");
        }
        if (patch.has("name")) {
            throw Problems.badBody("/change/name", "is of one device; many can not have it");
        }
        for (String field : List.of("enabled", "mayBackfill")) {
            if (patch.has(field) && patch.get(field).isNull()) {
                throw Problems.badBody("/change/" + field, "must be true or false");
            }
        }
        List<Fault> faults = new ArrayList<>();
        patches.apply(EMPTY, patch, DeviceChange.class).check("/change", faults);
        if (!faults.isEmpty()) {
            throw Problems.badBody(faults);
        }
        return patch;
    }

    private List<BulkSample> samples(TenantId tenant, JsonNode patch, List<Found> shown) {
        Map<String, DeviceChange> known =
                registry.known(tenant, shown.stream().map(Found::id).toList());
        List<BulkSample> samples = new ArrayList<>();
        known.forEach((id, before) -> {
            DeviceChange after = patches.apply(before, patch, DeviceChange.class);
            samples.add(sample(id, json.valueToTree(before), json.valueToTree(after)));
        });
        return samples;
    }

    private static BulkSample sample(String id, JsonNode before, JsonNode after) {
        Map<String, @Nullable Object> was = new LinkedHashMap<>();
        Map<String, @Nullable Object> is = new LinkedHashMap<>();
        before.properties().forEach(field -> {
            JsonNode changed = after.get(field.getKey());
            if (!Objects.equals(field.getValue(), changed)) {
                was.put(field.getKey(), field.getValue());
                is.put(field.getKey(), changed);
            }
        });
        return new BulkSample(id, was, is);
    }

    /** Carries out a previewed change. */
    BulkResult apply(Caller caller, UUID token) {
        TenantId tenant = caller.tenant();
        int[] changed = {0};
        boolean published = registry.changeMany(() -> {
            Kept kept = bulk.take(tenant, token).orElseThrow(Problems::notFound);
            requireUnchanged(kept, bulk.lock(tenant, kept.devices()));
            bulk.change(tenant, kept.devices(), kept.change());
            audit.record(
                    tenant,
                    caller,
                    "device.bulk",
                    kept.devices().size() + " devices",
                    Map.of("search", kept.search(), "change", kept.change(), "devices", kept.devices()));
            changed[0] = kept.devices().size();
            return registry.publishAll(tenant, kept.devices());
        });
        return new BulkResult(changed[0], published);
    }

    private static void requireUnchanged(Kept kept, Map<String, Long> now) {
        List<Fault> faults = new ArrayList<>();
        int moved = 0;
        for (int i = 0; i < kept.devices().size(); i++) {
            String id = kept.devices().get(i);
            if (!Objects.equals(now.get(id), kept.versions().get(i))) {
                moved++;
                if (faults.size() < LISTED) {
                    faults.add(new Fault(id, "was changed after the preview"));
                }
            }
        }
        if (moved > 0) {
            throw Problems.conflict(
                    moved + " of " + kept.devices().size()
                            + " devices were changed after the preview; ask for another.",
                    faults);
        }
    }
}
