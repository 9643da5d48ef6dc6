package dev.heliograph.query.devices;

import dev.heliograph.model.credential.DeviceKeyHash;
import dev.heliograph.model.id.DeviceId;
import dev.heliograph.model.id.TenantId;
import dev.heliograph.model.wire.DeviceRecord;
import dev.heliograph.model.wire.Topics;
import dev.heliograph.query.audit.AuditTrail;
import dev.heliograph.query.devices.Registration.Registered;
import dev.heliograph.query.outbox.Outbox;
import dev.heliograph.query.outbox.OutboxRelay;
import dev.heliograph.query.problem.Problems;
import dev.heliograph.query.security.Caller;
import dev.heliograph.query.web.Etags;
import dev.heliograph.query.web.LimitSettings;
import dev.heliograph.query.web.Patches;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

/** Changes devices: rows, audit and the record to publish in one transaction; the relay publishes after it. */
public final class DeviceRegistry {
    private static final int BATCH = 1_000;

    private final JdbcDeviceRegistry registry;
    private final Outbox outbox;
    private final OutboxRelay relay;
    private final AuditTrail audit;
    private final TransactionTemplate transactions;
    private final Patches patches;
    private final LimitSettings limits;
    private final DeviceKeys keys = new DeviceKeys();

    DeviceRegistry(
            JdbcDeviceRegistry registry,
            Outbox outbox,
            OutboxRelay relay,
            AuditTrail audit,
            TransactionTemplate transactions,
            Patches patches,
            LimitSettings limits) {
        this.patches = patches;
        this.registry = registry;
        this.outbox = outbox;
        this.relay = relay;
        this.audit = audit;
        this.transactions = transactions;
        this.limits = limits;
    }

    /**
     * A new password of a device.
     *
     * @param published whether Kafka has it; if not, the gateways learn it when Kafka is back
     */
    public record Issued(String device, String username, String password, boolean published) {
        @Override
        public String toString() {
            return "Issued[device=" + device + "]";
        }
    }

    /** Creates or replaces; true if it is new. */
    boolean put(Caller caller, DeviceId id, DeviceChange change, @Nullable String ifMatch) {
        change.check();
        boolean created = Boolean.TRUE.equals(transactions.execute(status -> {
            Optional<Long> version = registry.lock(caller.tenant(), id);
            if (version.isPresent()) {
                Etags.require(ifMatch, version.get());
                registry.update(caller.tenant(), id, change);
            } else {
                if (Etags.ifMatch(ifMatch).isPresent()) {
                    throw Problems.stale(0);
                }
                if (!registry.insert(caller.tenant(), id, change)) {
                    throw Problems.versionRequired(); // created by somebody else a moment ago
                }
            }
            publish(caller.tenant(), List.of(id.value()));
            audit.record(
                    caller.tenant(),
                    caller,
                    version.isPresent() ? "device.update" : "device.create",
                    id.value(),
                    Map.of(
                            "enabled",
                            !Boolean.FALSE.equals(change.enabled()),
                            "mayBackfill",
                            Boolean.TRUE.equals(change.mayBackfill())));
            return version.isEmpty();
        }));
        relay.wake();
        return created;
    }

    /** Changes what a merge patch names; needs the version that the caller saw. */
    void patch(Caller caller, DeviceId id, JsonNode patch, @Nullable String ifMatch) {
        transactions.executeWithoutResult(status -> {
            JdbcDeviceRegistry.Current current =
                    registry.current(caller.tenant(), id).orElseThrow(Problems::notFound);
            Etags.require(ifMatch, current.version());
            DeviceChange change = patches.apply(current.change(), patch, DeviceChange.class);
            change.check();
            registry.update(caller.tenant(), id, change);
            publish(caller.tenant(), List.of(id.value()));
            audit.record(
                    caller.tenant(),
                    caller,
                    "device.patch",
                    id.value(),
                    Map.of("fields", patch.propertyNames().stream().sorted().toList()));
        });
        relay.wake();
    }

    /** Disables a device and takes its credentials; what it measured stays. */
    void disable(Caller caller, DeviceId id, @Nullable String ifMatch) {
        transactions.executeWithoutResult(status -> {
            Etags.requireIfGiven(ifMatch, existing(caller.tenant(), id));
            registry.revoke(caller.tenant(), List.of(id.value()));
            registry.touch(caller.tenant(), id, false);
            publish(caller.tenant(), List.of(id.value()));
            audit.record(caller.tenant(), caller, "device.disable", id.value(), Map.of());
        });
        relay.wake();
    }

    /** Takes the credentials of a device. */
    void revoke(Caller caller, DeviceId id) {
        transactions.executeWithoutResult(status -> {
            existing(caller.tenant(), id);
            registry.revoke(caller.tenant(), List.of(id.value()));
            registry.touch(caller.tenant(), id, true);
            publish(caller.tenant(), List.of(id.value()));
            audit.record(caller.tenant(), caller, "credential.revoke", id.value(), Map.of());
        });
        relay.wake();
    }

    /** Replaces the credentials of a device by a new password, and waits until that is published. */
    Issued issue(Caller caller, DeviceId id) {
        TenantId tenant = caller.tenant();
        DeviceKeys.Fresh fresh = keys.next();
        List<Long> changes = inTransaction(() -> {
            existing(tenant, id);
            registry.revoke(tenant, List.of(id.value()));
            registry.grant(tenant, Map.of(id.value(), fresh.hash()));
            registry.touch(tenant, id, true);
            audit.record(tenant, caller, "credential.issue", id.value(), Map.of());
            return publish(tenant, List.of(id.value()));
        });
        boolean published = relay.awaitPublished(changes, limits.publishWait());
        return new Issued(id.value(), username(tenant, id.value()), fresh.password(), published);
    }

    /** Creates or completes many devices, and waits until that is published. */
    Registration.Result register(Caller caller, Registration registration) {
        TenantId tenant = caller.tenant();
        List<Registration.Entry> entries = registration.check(limits.registerBatch());
        Map<String, DeviceKeys.Fresh> fresh = new LinkedHashMap<>();
        if (registration.withCredentials()) {
            entries.forEach(entry -> fresh.put(entry.deviceId().value(), keys.next()));
        }
        List<Registered> answer = new ArrayList<>();
        List<Long> changes = inTransaction(() -> {
            Set<String> created = registry.register(tenant, entries);
            replaceCredentials(tenant, fresh);
            for (Registration.Entry entry : entries) {
                String id = entry.deviceId().value();
                DeviceKeys.Fresh key = fresh.get(id);
                answer.add(new Registered(
                        id, created.contains(id), username(tenant, id), key == null ? null : key.password()));
            }
            audit.record(
                    tenant,
                    caller,
                    "device.register",
                    entries.size() == 1 ? entries.getFirst().deviceId().value() : entries.size() + " devices",
                    Map.of(
                            "devices",
                            entries.size(),
                            "created",
                            created.size(),
                            "credentials",
                            fresh.size(),
                            "mayBackfill",
                            entries.stream()
                                    .filter(entry -> Boolean.TRUE.equals(entry.mayBackfill()))
                                    .count()));
            return publish(
                    tenant,
                    entries.stream().map(entry -> entry.deviceId().value()).toList());
        });
        return new Registration.Result(List.copyOf(answer), relay.awaitPublished(changes, limits.publishWait()));
    }

    private void replaceCredentials(TenantId tenant, Map<String, DeviceKeys.Fresh> fresh) {
        if (fresh.isEmpty()) {
            return;
        }
        Map<String, DeviceKeyHash> hashes = new LinkedHashMap<>();
        fresh.forEach((id, key) -> hashes.put(id, key.hash()));
        registry.revoke(tenant, fresh.keySet());
        registry.grant(tenant, hashes);
    }

    private long existing(TenantId tenant, DeviceId id) {
        return registry.lock(tenant, id).orElseThrow(Problems::notFound);
    }

    private List<Long> publish(TenantId tenant, Collection<String> ids) {
        List<DeviceRecord> records = registry.records(tenant, ids);
        return outbox.addAll(
                tenant,
                Topics.DEVICES,
                records.stream().map(DeviceRecord::device).toList(),
                records.stream().map(DeviceRecord.CODEC::encode).toList());
    }

    /** Publishes many devices, a part at a time; in the transaction that changes them. */
    List<Long> publishAll(TenantId tenant, List<String> ids) {
        List<Long> changes = new ArrayList<>();
        for (int from = 0; from < ids.size(); from += BATCH) {
            changes.addAll(publish(tenant, ids.subList(from, Math.min(from + BATCH, ids.size()))));
        }
        return changes;
    }

    /** Makes a change in one transaction, and waits until it is published; false if the time is up before. */
    boolean changeMany(java.util.function.Supplier<List<Long>> change) {
        return relay.awaitPublished(inTransaction(change), limits.publishWait());
    }

    /** What is known of devices, in the order of their ids; without those that are not there. */
    Map<String, DeviceChange> known(TenantId tenant, List<String> ids) {
        return registry.known(tenant, ids);
    }

    private List<Long> inTransaction(java.util.function.Supplier<List<Long>> change) {
        List<Long> changes = transactions.execute(status -> change.get());
        return changes == null ? List.of() : changes;
    }

    private static String username(TenantId tenant, String id) {
        return tenant.value() + "/" + id;
    }
}
