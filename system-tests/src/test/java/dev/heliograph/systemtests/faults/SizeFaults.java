package dev.heliograph.systemtests.faults;

import dev.heliograph.model.wire.Topics;
import dev.heliograph.systemtests.faults.check.Sent;
import dev.heliograph.systemtests.faults.check.Stored;
import dev.heliograph.systemtests.faults.load.Feeds;
import dev.heliograph.systemtests.faults.load.RawDevice;
import dev.heliograph.systemtests.faults.load.RawDevice.Answer;
import dev.heliograph.systemtests.faults.plant.KafkaCluster;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Messages that are larger than somebody on their way admits. */
final class SizeFaults {
    private static final Duration LASTING = Duration.ofSeconds(6);
    private static final int PACKET_LIMIT = 270_336;
    private static final int PAYLOAD_LIMIT = 256 * 1024;
    private static final int PACKET_TOO_LARGE = 0x95;
    private static final int PAYLOAD_FORMAT_INVALID = 0x99;
    /** Less than a reading of {@link #METRICS}, more than all others; far less than a batch. */
    private static final int LOW_LIMIT = 2_500;

    private static final int FORMER_LIMIT = 2 * 1024 * 1024;
    private static final int METRICS = 300;
    private static final String WORDY = "wordy";

    private SizeFaults() {}

    /**
     * A packet past the limit of the endpoint, and a payload past that of a message; then an operator lets the topic of
     * readings take less than a device sends, and less than a batch of all others, and corrects himself.
     */
    static Fault tooLarge() {
        return Fault.of("F16", "messages too large: for the endpoint, then for a topic whose limit is lowered", run -> {
                    RawDevice device = new RawDevice(run.tenant(), "oversized");
                    int port = run.plant().mqttPort(run.plant().gateway());
                    isAnswered(device, port, PACKET_LIMIT + 1, true, PACKET_TOO_LARGE);
                    isAnswered(device, port, PAYLOAD_LIMIT + 1, false, PAYLOAD_FORMAT_INVALID);
                    isAnswered(device, port, PAYLOAD_LIMIT, false, 0);
                    KafkaCluster kafka = run.plant().kafka();
                    kafka.limitMessages(Topics.READINGS, LOW_LIMIT);
                    try {
                        run.last(LASTING);
                        // Others and the same device are answered while it lasts.
                        run.healed();
                    } finally {
                        kafka.limitMessages(Topics.READINGS, FORMER_LIMIT);
                    }
                    run.healed();
                    run.last(Duration.ofSeconds(2));
                })
                .under(load -> load.with(WORDY, Duration.ofMillis(200), Feeds.wordy(METRICS)))
                .asking(SizeFaults::problems);
    }

    private static void isAnswered(RawDevice device, int port, int bytes, boolean disconnected, int code)
            throws IOException {
        byte[] payload = RawDevice.payloadOf(bytes, bytes);
        Answer answer = device.send(port, payload, code == 0);
        if (answer.disconnected() != disconnected || answer.code() != code) {
            throw new AssertionError("a payload of " + bytes + " bytes was answered by " + answer + ", expected "
                    + new Answer(disconnected, code));
        }
    }

    /** The large ones of the time were refused at once, and none of them, or behind them, had to be sent again. */
    private static List<String> problems(FaultRun run, Stored stored) {
        List<Sent> wordy = run.tenant().sent().stream()
                .filter(message -> message.device().equals(WORDY))
                .toList();
        List<Sent> large =
                wordy.stream().filter(message -> message.numbers().size() > 1).toList();
        long refused = count(large, Sent.Verdict.REFUSED);
        long taken = count(large, Sent.Verdict.ACKNOWLEDGED);
        long again = wordy.stream().filter(message -> message.attempts() > 1).count();
        long smallRefused = count(wordy, Sent.Verdict.REFUSED) - refused;
        System.out.println("[faults] F16: of " + large.size() + " large messages " + refused + " were refused and "
                + taken + " taken, " + again + " sent again");
        List<String> problems = new ArrayList<>();
        if (refused < 5 || taken < 5) {
            problems.add("of the large messages " + refused + " were refused and " + taken + " taken");
        }
        if (again > 0 || smallRefused > 0) {
            problems.add(again + " messages of the device were sent again, " + smallRefused + " small ones refused");
        }
        long kept = stored.quarantine().stream()
                .filter(row -> row.device().equals(WORDY) && row.reason().equals("TOO_LARGE"))
                .mapToLong(Stored.Refused::count)
                .sum();
        if (kept != refused) {
            problems.add(kept + " are in quarantine by TOO_LARGE, refused were " + refused);
        }
        return problems;
    }

    private static long count(List<Sent> messages, Sent.Verdict verdict) {
        return messages.stream().filter(message -> message.verdict() == verdict).count();
    }
}
