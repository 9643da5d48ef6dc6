package dev.heliograph.systemtests.faults;

import dev.heliograph.model.wire.Topics;
import dev.heliograph.systemtests.faults.plant.KafkaCluster;
import dev.heliograph.systemtests.faults.plant.Plant;
import dev.heliograph.systemtests.faults.plant.Service;
import dev.heliograph.systemtests.faults.plant.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Topics that are not what the services go by: made by hand, changed, deleted, made anew. */
final class TopicFaults {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration LASTING = Duration.ofSeconds(5);
    /** Its membership is over, so that it asks where it was. */
    private static final Duration PAST_THE_SESSION = Duration.ofSeconds(8);

    private static final int WRONG_CONFIGURATION = 78;
    private static final String RECREATED = "heliograph_writer_topics_recreated_total";
    private static final String STREAM = "heliograph-stream";
    private static final String RUNBOOK = "docs/runbooks/wrong-topics.md";

    private TopicFaults() {}

    /** Beside a running installation another gateway starts that was told something else, or finds something else. */
    static Fault wrongTopics() {
        return Fault.of(
                "F18",
                "a gateway starts with other partitions, replication or in-sync replicas than the topics have, or finds"
                        + " events compacted",
                run -> {
                    refuses(
                            run,
                            Map.of("heliograph.kafka.partitions", "4"),
                            "readings has 3 partitions instead of 4",
                            "devices has 3 partitions instead of 4");
                    refuses(
                            run,
                            Map.of(
                                    "heliograph.kafka.replication", "2",
                                    "heliograph.kafka.min-in-sync-replicas", "2"),
                            "readings has 1 replicas instead of 2",
                            "readings has min.insync.replicas 1 instead of 2");
                    KafkaCluster kafka = run.plant().kafka();
                    kafka.configure(Topics.WINDOWS, "cleanup.policy", "compact");
                    try {
                        refuses(run, Map.of(), "windows is compacted");
                    } finally {
                        kafka.configure(Topics.WINDOWS, "cleanup.policy", "delete");
                    }
                    Service mended = run.plant().anotherGateway(run.tenant().id() + "-mended");
                    mended.awaitReady();
                    mended.process().terminate();
                    run.healed();
                });
    }

    private static void refuses(FaultRun run, Map<String, String> settings, String... named) throws IOException {
        Service wrong = run.plant()
                .anotherGateway(run.tenant().id() + "-wrong-" + run.random().nextInt(1_000_000), settings);
        int code = wrong.process().awaitExit(LIMIT);
        String said = Files.readString(wrong.log());
        if (code != WRONG_CONFIGURATION) {
            throw new AssertionError("a gateway with " + settings + " ended with " + code + ":\n" + said);
        }
        for (String text : named) {
            if (!said.contains(text)) {
                throw new AssertionError("it does not say \"" + text + "\":\n" + said);
            }
        }
        if (!said.contains(RUNBOOK) || said.contains("\tat ")) {
            throw new AssertionError("it does not name the runbook, or prints a stack trace:\n" + said);
        }
    }

    /**
     * The topic is deleted while everything runs, after all that it held was stored, and nobody makes it anew but whoever is
     * meant to: a gateway that starts. The stored positions are far past the end of the new one.
     */
    static Fault deleted(String topic) {
        return Fault.of("F18", "topic " + topic + " deleted, and made anew by the start of a gateway", run -> {
                    Plant plant = run.plant();
                    double before = plant.stream().metric(RECREATED).orElseThrow();
                    standStill(run);
                    plant.kafka().delete(topic);
                    plant.healLinks();
                    run.last(LASTING);
                    if (plant.kafka().topics().contains(topic)) {
                        throw new AssertionError(topic + " was made anew by accident");
                    }
                    makeAnew(run, topic);
                    isNoticed(run, before);
                })
                .settlingWithin(Duration.ofSeconds(120));
    }

    /**
     * Worse: nobody looks while it happens, and somebody brings back from a mirror what the topic held, behind what devices have
     * sent since. Then the new topic ends behind the stored positions, and to go on there would pass over what is new.
     */
    static Fault filledPastItsPositions() {
        String topic = Topics.READINGS;
        return Fault.of(
                        "F18",
                        "topic readings deleted, made anew and filled past the stored positions while the stream"
                                + " processor stands still",
                        run -> {
                            Plant plant = run.plant();
                            double before = plant.stream().metric(RECREATED).orElseThrow();
                            standStill(run);
                            List<ProducerRecord<byte[], byte[]>> mirror =
                                    plant.kafka().read(topic);
                            plant.stream().process().freeze();
                            try {
                                plant.kafka().delete(topic);
                                plant.healLinks();
                                makeAnew(run, topic);
                                run.awaitAcknowledged(100);
                                plant.kafka().write(mirror);
                                run.last(PAST_THE_SESSION);
                            } finally {
                                plant.stream().process().thaw();
                            }
                            isNoticed(run, before);
                        })
                .settlingWithin(Duration.ofSeconds(120));
    }

    /** Nothing more is acknowledged, and all that was is stored: what is lost with a topic is nobody's. */
    private static void standStill(FaultRun run) {
        run.plant().gatewayToKafka().silenceRequests();
        run.last(Duration.ofSeconds(1));
        run.awaitStored();
        Waiting.until(
                "the stream has processed all readings",
                LIMIT,
                () -> run.topics().positionsOf(STREAM).equals(run.topics().endOfReadings()));
        run.last(Duration.ofSeconds(1)); // what it told of them is stored too
        run.topics().catchUp();
    }

    private static void makeAnew(FaultRun run, String topic) {
        Service gateway = run.plant().gateway();
        gateway.process().terminate();
        gateway.restart();
        gateway.awaitReady();
        run.topics().beginAgain(topic);
    }

    private static void isNoticed(FaultRun run, double before) {
        Plant plant = run.plant();
        Waiting.until(
                "the writer says that a topic is another one",
                LIMIT,
                () -> plant.stream().metric(RECREATED).orElse(before) > before);
        run.healed();
        plant.services().forEach(Service::awaitReady);
    }

    static List<Fault> all() {
        return List.of(wrongTopics(), deleted(Topics.READINGS), deleted(Topics.PRESENCE), filledPastItsPositions());
    }
}
