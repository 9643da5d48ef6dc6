package dev.heliograph.model.alert;

import dev.heliograph.model.device.DeviceAttributes;
import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.id.MetricName;
import dev.heliograph.model.id.TenantId;
import dev.heliograph.model.reading.Reading;
import dev.heliograph.model.reading.Sample;
import dev.heliograph.model.reading.Transport;
import dev.heliograph.model.state.StateReader;
import dev.heliograph.model.state.StateWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;

/**
 * A seeded history of one device under a threshold rule, an absence rule of the device and one of a metric, played to {@link
 * DeviceAlerts} and to a naive observer. The observer keeps every accepted sample and works out each step from the whole list.
 */
final class AlertHistory implements AlertEvents {
    static final long SECOND = 1_000_000;
    static final DeviceKey DEVICE = DeviceKey.of("demo", "boiler-7");
    static final MetricName TEMPERATURE = new MetricName("temperature");
    static final MetricName HUMIDITY = new MetricName("humidity");

    private final Random random;
    private final Comparison comparison;
    private final double value;
    private final double clear;
    private final long hold;
    private final long clearHold;
    private final long absentAfter;
    private final long missingAfter;
    private final long missingHold;
    private final List<AlertRule> rules;
    private DeviceAlerts alerts = new DeviceAlerts(DEVICE);
    private long now = 1_790_000_000L * SECOND;
    private long lastSeen;
    private boolean absent;

    /** Every receipt of the metric that one rule misses, and what that rule says of it by now. */
    private final List<Long> humidities = new ArrayList<>();

    private AlertPhase missing = AlertPhase.OK;

    /** The naive observer's memory: the samples since the last resolution. */
    private final List<Sample.Measurement> values = new ArrayList<>();

    private final List<Long> times = new ArrayList<>();
    private boolean firing;
    private int phaseStart;

    final List<AlertTransition> transitions = new ArrayList<>();
    final List<String> expected = new ArrayList<>();
    int outOfOrder;
    int expectedOutOfOrder;

    AlertHistory(long seed) {
        random = new Random(seed);
        comparison = Comparison.values()[random.nextInt(4)];
        value = 50;
        double band = random.nextInt(3) * 5;
        clear = comparison.upward() ? value - band : value + band;
        hold = random.nextInt(3) * 10 * SECOND;
        clearHold = random.nextInt(3) * 5 * SECOND;
        absentAfter = 30 * SECOND;
        missingAfter = 20 * SECOND;
        missingHold = random.nextInt(3) * 5 * SECOND;
        rules = List.of(
                rule(1, new Condition.Threshold(TEMPERATURE, comparison, value, clear), hold, clearHold),
                rule(2, new Condition.Absence(Duration.ofNanos(absentAfter * 1_000)), 0, 0),
                rule(3, new Condition.Absence(Duration.ofNanos(missingAfter * 1_000), HUMIDITY), missingHold, 0));
        follow();
    }

    static AlertRule rule(int id, Condition condition, long hold, long clearHold) {
        return new AlertRule(
                new TenantId("demo"),
                new UUID(0, id),
                1,
                true,
                "rule " + id,
                Severity.WARNING,
                RuleScope.ALL,
                condition,
                Duration.ofNanos(hold * 1_000),
                Duration.ofNanos(clearHold * 1_000));
    }

    void play(int steps) {
        for (int i = 0; i < steps; i++) {
            now += 1 + random.nextLong(random.nextInt(10) == 0 ? 60 * SECOND : 4 * SECOND);
            int dice = random.nextInt(20);
            if (dice < 11) {
                sample(now);
            } else if (dice < 13) {
                humidity();
            } else if (dice < 14) {
                sample(now);
                humidity();
            } else if (dice < 16) {
                sample(now - random.nextLong(30 * SECOND));
            } else if (dice == 16) {
                restart();
            } else {
                tick(random.nextInt(4) == 0);
            }
        }
    }

    private void tick(boolean catchingUp) {
        alerts.advance(lastSeen == 0 ? null : Long.valueOf(lastSeen), now, catchingUp, this);
        if (lastSeen != 0 && !catchingUp && !absent && now - lastSeen > absentAfter) {
            absent = true;
            expected.add("absence ok>firing @" + lastSeen);
        }
        if (!humidities.isEmpty() && !catchingUp) {
            miss(humidities.getLast());
        }
    }

    private void miss(long last) {
        long missed = now - last - missingAfter;
        if (missed <= 0 || missing == AlertPhase.FIRING) {
            return;
        }
        AlertPhase next = missed >= missingHold ? AlertPhase.FIRING : AlertPhase.PENDING;
        if (next != missing) {
            expected.add("absence of humidity " + missing.wireName() + ">" + next.wireName() + " @" + last);
            missing = next;
        }
    }

    /** A reading without a temperature: of the state of the metric, or of its value. */
    private void humidity() {
        Sample sample =
                random.nextBoolean() ? new Sample.Measurement(HUMIDITY, 40) : new Sample.State(HUMIDITY, "condensing");
        alerts.onReading(
                new Reading(DEVICE, now, now, null, List.of(sample), null, Transport.MQTT, Set.of()), now, this);
        seen();
        if (missing != AlertPhase.OK) {
            String to = missing == AlertPhase.FIRING ? "resolved" : "ok";
            expected.add("absence of humidity " + missing.wireName() + ">" + to + " @" + now);
            missing = AlertPhase.OK;
        }
        humidities.add(now);
    }

    private void seen() {
        if (absent) {
            expected.add("absence firing>resolved @" + now);
        }
        absent = false;
        lastSeen = now;
    }

    private void sample(long time) {
        // Few distinct values, so that the limits themselves are met.
        double sampled = 35 + random.nextInt(7) * 5;
        var sample = new Sample.Measurement(TEMPERATURE, sampled);
        alerts.onReading(
                new Reading(DEVICE, time, now, null, List.of(sample), null, Transport.MQTT, Set.of()), now, this);
        if (!times.isEmpty() && time <= times.getLast()) {
            expectedOutOfOrder++;
        } else {
            times.add(time);
            values.add(sample);
            observe();
        }
        seen();
    }

    private void observe() {
        int last = times.size() - 1;
        long time = times.get(last);
        if (!firing) {
            int start = last + 1;
            while (start > phaseStart && breach(start - 1)) {
                start--;
            }
            boolean before = last > phaseStart && breach(last - 1);
            if (start <= last) {
                boolean fires = time - times.get(start) >= hold;
                if (fires) {
                    expected.add("threshold " + (start < last ? "pending" : "ok") + ">firing @" + time);
                    firing = true;
                    phaseStart = last + 1;
                } else if (start == last) {
                    expected.add("threshold ok>pending @" + time);
                }
            } else if (before) {
                expected.add("threshold pending>ok @" + time);
            }
            return;
        }
        int start = last + 1;
        while (start > phaseStart && !comparison.holds(values.get(start - 1).value(), clear)) {
            start--;
        }
        if (start <= last && time - times.get(start) >= clearHold) {
            expected.add("threshold firing>resolved @" + time);
            firing = false;
            phaseStart = last + 1;
        }
    }

    private boolean breach(int index) {
        return comparison.holds(values.get(index).value(), value);
    }

    private void restart() {
        StateWriter out = new StateWriter();
        alerts.writeTo(out);
        alerts = DeviceAlerts.readFrom(new StateReader(out.toBytes()), DEVICE);
        follow();
    }

    private void follow() {
        alerts.follow(new RuleBook(rules).watching(DEVICE, DeviceAttributes.UNREGISTERED), metric -> null, now, this);
    }

    List<String> decided() {
        return transitions.stream()
                .map(step -> step.kind() + (HUMIDITY.equals(step.metric()) ? " of humidity " : " ")
                        + step.from().wireName() + ">" + step.to().wireName() + " @" + step.dataMicros())
                .toList();
    }

    @Override
    public void transition(AlertTransition transition) {
        transitions.add(transition);
    }

    @Override
    public void outOfOrder(MetricName metric, long timeMicros) {
        outOfOrder++;
    }
}
