package dev.heliograph.stream;

import dev.heliograph.model.testing.KafkaNode;
import dev.heliograph.model.wire.ServiceStatusRecord;
import dev.heliograph.model.wire.Topics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Core-seconds for a million readings of the service: a log of readings is there, the process works through it, and its own
 * CPU time is taken for the second half of them (threads of the JVM included, Kafka not). Run by hand with readings, metrics,
 * seconds between two readings of a device, and further settings; {@code -Dheliograph.cost.devices=} devices (1,000),
 * {@code -Dheliograph.cost.partitions=} partitions of each topic (6).
 */
final class StreamCost {
    private static final int DEVICES = Integer.getInteger("heliograph.cost.devices", 1_000);
    private static final int PARTITIONS = Integer.getInteger("heliograph.cost.partitions", 6);

    private StreamCost() {}

    public static void main(String[] arguments) throws Exception {
        int readings = Integer.parseInt(arguments[0]);
        int metrics = Integer.parseInt(arguments[1]);
        long interval = Long.parseLong(arguments[2]);
        String[] settings = List.of(arguments).subList(3, arguments.length).toArray(String[]::new);
        Path directory = Files.createTempDirectory("stream-cost");
        try (KafkaNode kafka = new KafkaNode(directory.resolve("kafka"));
                Devices devices = new Devices(kafka.bootstrapServers())) {
            kafka.createTopics(PARTITIONS);
            Instant start = Instant.now();
            for (int i = 0; i < readings; i++) {
                Instant time = start.plus(Duration.ofSeconds(i / DEVICES * interval));
                devices.report("d" + i % DEVICES, time, i % 30, metrics);
            }
            devices.flush();
            try (StreamProcess process = new StreamProcess(kafka.bootstrapServers(), directory, settings);
                    var status = new TopicTail<>(
                            kafka.bootstrapServers(), Topics.SERVICE_STATUS, ServiceStatusRecord.CODEC)) {
                Mark warm = await(process, status, readings / 2);
                Mark end = await(process, status, readings);
                double millions = (end.readings - warm.readings) / 1e6;
                System.out.printf(
                        "%,d devices, %d partitions, %d metrics, one reading in %d s %s: %.1f core-s/M, %.0f readings/s%n",
                        DEVICES,
                        PARTITIONS,
                        metrics,
                        interval,
                        List.of(settings),
                        end.cpu.minus(warm.cpu).toMillis() / 1e3 / millions,
                        (end.readings - warm.readings)
                                / (Duration.between(warm.at, end.at).toMillis() / 1e3));
            }
        }
    }

    private record Mark(long readings, Duration cpu, Instant at) {}

    private static Mark await(StreamProcess process, TopicTail<ServiceStatusRecord> status, long readings) {
        for (int looks = 1; ; looks++) {
            List<ServiceStatusRecord> all = status.all();
            long done = all.isEmpty() ? 0 : all.getLast().counters().getOrDefault("readings", 0L);
            if (done >= readings) {
                return new Mark(done, process.cpu(), Instant.now());
            }
            if (looks % 50 == 0) {
                System.out.printf(
                        "%,d of %,d readings, %d s of CPU%n",
                        done, readings, process.cpu().toSeconds());
            }
            if (!process.isAlive()) {
                throw new IllegalStateException("the process has ended");
            }
        }
    }
}
