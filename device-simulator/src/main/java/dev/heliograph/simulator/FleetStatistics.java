package dev.heliograph.simulator;

import dev.heliograph.simulator.mqtt.FleetMeter;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What a fleet did so far. {@code generated = acknowledged + refused + dropped + waiting}, once it is at rest.
 *
 * @param running since the start
 * @param devices of the fleet
 * @param connected connections that stand now
 * @param generated messages that devices wanted to send
 * @param sent attempts to publish
 * @param acknowledged messages with a PUBACK of success
 * @param refused messages with a PUBACK of refusal (0x87, 0x99 ...)
 * @param later answers "not now" (0x97) or "nobody has subscribed" (0x10); the message is sent again
 * @param unknown attempts without an answer; the message is sent again
 * @param dropped messages that were given up: memory full, or the run ended
 * @param waiting messages without a final answer
 * @param connects connections made
 * @param connectFailures attempts that failed
 * @param reasonCodes codes that came and were no success, with counts
 * @param ackP50 half of the PUBACKs came within
 * @param ackP99 99 % of the PUBACKs came within
 * @param ackMax the slowest PUBACK
 * @param lagP99 99 % of the readings were generated within this time of their schedule; a run whose generator lags says little
 *     about the platform
 * @param latestProblem with a connection, or null
 */
public record FleetStatistics(
        Duration running,
        int devices,
        long connected,
        long generated,
        long sent,
        long acknowledged,
        long refused,
        long later,
        long unknown,
        long dropped,
        long waiting,
        long connects,
        long connectFailures,
        Map<Integer, Long> reasonCodes,
        Duration ackP50,
        Duration ackP99,
        Duration ackMax,
        Duration lagP99,
        @Nullable String latestProblem) {
    static FleetStatistics of(FleetMeter meter, Duration running, int devices, long waiting) {
        Histogram acks = meter.ackTimes();
        return new FleetStatistics(
                running,
                devices,
                meter.connected.sum(),
                meter.generated.sum(),
                meter.sent.sum(),
                meter.acknowledged.sum(),
                meter.refused.sum(),
                meter.later.sum(),
                meter.unknown.sum(),
                meter.dropped.sum(),
                waiting,
                meter.connects.sum(),
                meter.connectFailures.sum(),
                meter.codes(),
                micros(acks.getValueAtPercentile(50)),
                micros(acks.getValueAtPercentile(99)),
                micros(acks.getMaxValue()),
                micros(meter.lags().getValueAtPercentile(99)),
                meter.latestProblem());
    }

    /** One line for people. */
    public String toLine() {
        String counts = String.format(
                Locale.ROOT,
                "%d s: %d devices, %d connected, generated %d, sent %d, acknowledged %d, refused %d, later %d, "
                        + "unanswered attempts %d, dropped %d, waiting %d; PUBACK p50 %.1f ms, p99 %.1f ms; generator lag p99 %.1f ms",
                running.toSeconds(),
                devices,
                connected,
                generated,
                sent,
                acknowledged,
                refused,
                later,
                unknown,
                dropped,
                waiting,
                millis(ackP50),
                millis(ackP99),
                millis(lagP99));
        return counts + codes() + (latestProblem == null ? "" : "; latest problem: " + latestProblem);
    }

    private String codes() {
        Map<String, Long> words = new TreeMap<>();
        reasonCodes.forEach((code, count) -> words.put("0x" + Integer.toHexString(code), count));
        return words.isEmpty() ? "" : "; reason codes " + words;
    }

    private static Duration micros(long micros) {
        return Duration.ofNanos(micros * 1_000);
    }

    private static double millis(Duration duration) {
        return duration.toNanos() / 1e6;
    }
}
