package dev.heliograph.systemtests.faults;

import dev.heliograph.ingest.IngestGatewayApplication;
import dev.heliograph.model.wire.Topics;
import dev.heliograph.simulator.fault.FaultProfile;
import dev.heliograph.simulator.fault.Occurrence;
import dev.heliograph.systemtests.faults.Fault.Need;
import dev.heliograph.systemtests.faults.check.Stored;
import dev.heliograph.systemtests.faults.load.Feeds;
import dev.heliograph.systemtests.faults.load.Tenant;
import dev.heliograph.systemtests.faults.plant.FakeClock;
import dev.heliograph.systemtests.faults.plant.FaultProxy.OldPlace;
import dev.heliograph.systemtests.faults.plant.KafkaCluster;
import dev.heliograph.systemtests.faults.plant.KafkaCluster.Client;
import dev.heliograph.systemtests.faults.plant.Mosquitto;
import dev.heliograph.systemtests.faults.plant.Plant;
import dev.heliograph.systemtests.faults.plant.PoisonedGateway;
import dev.heliograph.systemtests.faults.plant.Service;
import dev.heliograph.systemtests.faults.plant.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** The catalogue: how each fault is made, and how it heals. */
final class Faults {
    private static final Duration SECOND = Duration.ofSeconds(1);
    /** Devices whose number of metrics is bounded at 500. */
    private static final int METRICS_TOO_MANY = 600;

    private static final int ROUNDS_OF_CHANCE = 10;
    private static final int POISON_PER_TOPIC = 5;
    private static final long ONE_MEGABIT = 125_000;

    private Faults() {}

    /** What a change to the code must pass: each kind of failure once, in a few minutes. */
    static List<Fault> quick() {
        return List.of(
                ackedNotAnswered(2),
                notYetInKafka(2),
                arbitraryKills(3),
                flappingDevices(5),
                frozenGateway(),
                bugInTheGateway(),
                kafkaAway(),
                killedStream(2),
                lostState(),
                poisonRecords(),
                wrongClocks(),
                duplicatesAndDisorder(),
                databaseKilled(),
                DatabaseFaults.refusals(4),
                zombieWriter(),
                apiKilled(),
                hotDevice(),
                GatewayFaults.severalGateways(2),
                brokerKilled(3),
                brokerQueue(),
                brokerFlapping(4));
    }

    /** All that one node of Kafka can show. */
    static List<Fault> all() {
        List<Fault> all = new ArrayList<>(List.of(
                rollingRestart(3),
                ackedNotAnswered(5),
                notYetInKafka(5),
                arbitraryKills(10),
                flappingDevices(15),
                frozenGateway(),
                bugInTheGateway(),
                kafkaAway(),
                slowKafka(),
                SizeFaults.tooLarge(),
                killedStream(5),
                frozenStream(),
                restartStorm(),
                lostState(),
                lostStateAfterKill(),
                poisonRecords(),
                LateData.shuffled(),
                wrongClocks(),
                duplicatesAndDisorder(),
                databaseKilled(),
                databaseUnreachable(),
                databaseHalfOpen(),
                databaseSlow(),
                DatabaseFaults.refusals(10),
                zombieWriter(),
                apiKilled(),
                hotDevice(),
                tooManyMetrics(),
                issuerAway(),
                oneWay(),
                starvedStream(),
                brokerKilled(5),
                brokerQueue(),
                brokerFlapping(15),
                BrokerFaults.queueFull(),
                BrokerFaults.sessionExpired()));
        all.add(randomMix(ROUNDS_OF_CHANCE));
        return List.copyOf(all);
    }

    /** Parts that come in twos, run out, or are asked for by too many. */
    static List<Fault> further() {
        return List.of(
                GatewayFaults.severalGateways(3),
                GatewayFaults.certificatesRenewed(),
                DatabaseFaults.failover(),
                DatabaseFaults.failoverToOneThatWasBehind(),
                ClockFaults.clocksJump(),
                UpgradeFaults.rollingUpdate(),
                LoadFaults.heavyQueries(),
                LoadFaults.stalledReaders(),
                LoadFaults.noisyTenant());
    }

    /** From an older version to this one, and back. */
    static List<Fault> upgrades() {
        return List.of(UpgradeFaults.upgradedAndRolledBack(), UpgradeFaults.rolledBackTooLate());
    }

    /** What needs disks that can be full, or a Kafka that asks who is there. */
    static List<Fault> special() {
        return List.of(
                DiskFaults.databaseFull(),
                DiskFaults.kafkaFull(),
                KafkaAccessFaults.passwordRevoked(),
                KafkaAccessFaults.forbidden());
    }

    /** What the database can suffer. */
    static List<Fault> timescale() {
        return List.of(
                databaseKilled(),
                databaseHalfOpen(),
                databaseSlow(),
                zombieWriter(),
                ColumnstoreFaults.lateCopies(3),
                DiskFaults.databaseFull(),
                DatabaseFaults.failover(),
                DatabaseFaults.failoverToOneThatWasBehind());
    }

    /** What befalls the ways to parts that are elsewhere. */
    static List<Fault> elsewhere() {
        return List.of(
                NameFaults.moved(OldPlace.REFUSES),
                NameFaults.unknown(),
                NameFaults.brokerMoved(),
                NameFaults.moved(OldPlace.IS_SILENT),
                CertificateFaults.kafkaExpires(),
                CertificateFaults.databaseExpires(),
                CertificateFaults.authorityReplaced());
    }

    /** What needs three nodes of Kafka. */
    static List<Fault> cluster() {
        return List.of(leaderKilled(3), twoOfThreeAway(), powerLoss(4));
    }

    /** One fault after the other, as chance will have it, against one tenant that never stops sending. */
    static Fault randomMix(int rounds) {
        List<Fault> bag = List.of(
                rollingRestart(1),
                ackedNotAnswered(1),
                notYetInKafka(1),
                arbitraryKills(2),
                flappingDevices(2),
                frozenGateway(),
                kafkaAway(),
                slowKafka(),
                killedStream(1),
                frozenStream(),
                lostState(),
                databaseUnreachable(),
                databaseHalfOpen(),
                databaseSlow(),
                DatabaseFaults.passingRefusals(4),
                apiKilled(),
                oneWay());
        return Fault.of("F51", rounds + " faults by chance, one after the other", run -> {
                    for (int i = 0; i < rounds; i++) {
                        Fault next = bag.get(run.random().nextInt(bag.size()));
                        System.out.println("[faults] F51, round " + (i + 1) + ": " + next);
                        next.action().run(run);
                    }
                })
                .settlingWithin(Duration.ofSeconds(180));
    }

    static Fault rollingRestart(int times) {
        return Fault.of("F1", "gateway restarted by SIGTERM, " + times + " times", run -> {
            for (int i = 0; i < times; i++) {
                run.plant().gateway().process().terminate();
                startAgain(run, run.plant().gateway());
            }
        });
    }

    static Fault ackedNotAnswered(int times) {
        return Fault.of("F6", "gateway killed between Kafka's ack and the PUBACK, " + times + " times", run -> {
            for (int i = 0; i < times; i++) {
                run.plant().toGateway().silenceAnswers();
                run.moment(100, 600);
                kill(run, run.plant().gateway());
                startAgain(run, run.plant().gateway());
            }
        });
    }

    static Fault notYetInKafka(int times) {
        return Fault.of("F7", "gateway killed before Kafka's ack, " + times + " times", run -> {
            for (int i = 0; i < times; i++) {
                if (run.random().nextBoolean()) {
                    run.plant().gatewayToKafka().silenceRequests();
                } else {
                    // Kafka has it, and the gateway never hears of it.
                    run.plant().gatewayToKafka().silenceAnswers();
                }
                run.moment(100, 600);
                kill(run, run.plant().gateway());
                startAgain(run, run.plant().gateway());
            }
        });
    }

    static Fault arbitraryKills(int times) {
        return Fault.of("F6/F7", "gateway killed at arbitrary moments, " + times + " times", run -> {
            for (int i = 0; i < times; i++) {
                run.moment(20, 900);
                kill(run, run.plant().gateway());
                startAgain(run, run.plant().gateway());
            }
        });
    }

    static void kill(FaultRun run, Service service) {
        service.process().kill();
        // What a dead process has sent and nobody has delivered yet dies with its connections.
        run.plant().toGateway().flap();
        run.plant().gatewayToKafka().flap();
        run.plant().healLinks();
    }

    static void startAgain(FaultRun run, Service service) {
        service.restart();
        service.awaitReady();
        run.healed();
    }

    static Fault flappingDevices(int times) {
        return Fault.of("F8", "connections of all devices reset, " + times + " times", run -> {
            for (int i = 0; i < times; i++) {
                run.moment(500, 2_000);
                run.plant().toGateway().flap();
            }
            run.healed();
        });
    }

    static Fault frozenGateway() {
        return Fault.of("F9", "gateway frozen (SIGSTOP) while its devices reconnect, then resumed", run -> {
            run.plant().gateway().process().freeze();
            try {
                run.last(SECOND.multipliedBy(3));
                run.plant().toGateway().flap();
                run.last(SECOND.multipliedBy(3));
            } finally {
                run.plant().gateway().process().thaw();
            }
            run.healed();
        });
    }

    static Fault bugInTheGateway() {
        return Fault.of(
                        "F10",
                        "gateway throws at every message of one device (restarted by SIGTERM, F1, before and after)",
                        run -> {
                            Service gateway = run.plant().gateway();
                            gateway.replaceBy(PoisonedGateway.class.getName());
                            try {
                                gateway.process().terminate();
                                startAgain(run, gateway);
                                run.last(SECOND.multipliedBy(3));
                            } finally {
                                gateway.replaceBy(IngestGatewayApplication.class.getName());
                            }
                            gateway.process().terminate();
                            startAgain(run, gateway);
                        })
                .under(load -> load.with(PoisonedGateway.DEVICE, Duration.ofMillis(100), Feeds.ahead(0)))
                .asking((run, stored) -> hasReason(stored, "INTERNAL", 1));
    }

    static Fault kafkaAway() {
        return Fault.of("F14", "Kafka killed and away", run -> {
                    run.plant().kafka().kill(0);
                    run.outage("kafka", SECOND.multipliedBy(8));
                    run.plant().kafka().restart(0);
                    run.plant().kafka().awaitServing();
                    run.healed();
                })
                .settlingWithin(Duration.ofSeconds(90));
    }

    static Fault leaderKilled(int times) {
        return Fault.of("F12", "leader of a partition killed, one of three nodes, " + times + " times", run -> {
                    for (int i = 0; i < times; i++) {
                        int leader = run.plant().kafka().leaderOf(new TopicPartition(Topics.READINGS, i % 3));
                        run.plant().kafka().kill(leader);
                        run.last(SECOND.multipliedBy(3));
                        run.healed(); // two of three are enough
                        run.plant().kafka().restart(leader);
                        run.plant().kafka().awaitServing();
                        run.moment(1_000, 3_000);
                    }
                })
                .needing(Need.THREE_NODES)
                .settlingWithin(Duration.ofSeconds(120));
    }

    /** Every other time it is back before anybody has noticed that it was gone. */
    static Fault powerLoss(int times) {
        return Fault.of(
                        "F3",
                        "power loss of one of three nodes: its leader of a partition, " + times + " times",
                        run -> {
                            KafkaCluster kafka = run.plant().kafka();
                            for (int i = 0; i < times; i++) {
                                int leader = kafka.leaderOf(new TopicPartition(Topics.READINGS, i % 3));
                                long gone = kafka.losePower(leader, run.random());
                                System.out.println(
                                        "[faults] F3: node " + (leader + 1) + " has lost " + gone + " bytes");
                                if (i % 2 == 0) {
                                    run.last(SECOND.multipliedBy(3));
                                    run.healed(); // two of three are enough
                                }
                                kafka.restart(leader);
                                kafka.awaitServing();
                                kafka.awaitInSync();
                                run.healed();
                                run.moment(1_000, 3_000);
                            }
                        })
                .needing(Need.THREE_NODES)
                .settlingWithin(Duration.ofSeconds(120));
    }

    static Fault twoOfThreeAway() {
        return Fault.of("F13", "two of three nodes of Kafka away: fewer in sync than asked for", run -> {
                    run.plant().kafka().kill(0);
                    run.plant().kafka().kill(1);
                    run.last(SECOND.multipliedBy(10));
                    run.plant().kafka().restart(0);
                    run.plant().kafka().restart(1);
                    run.plant().kafka().awaitServing();
                    run.healed();
                })
                .needing(Need.THREE_NODES)
                .settlingWithin(Duration.ofSeconds(120));
    }

    static Fault slowKafka() {
        return Fault.of("F15", "Kafka slow for the gateway: 250 ms each way, 1 Mbit/s", run -> {
            run.plant().gatewayToKafka().delay(250);
            run.plant().gatewayToKafka().narrow(ONE_MEGABIT);
            run.last(SECOND.multipliedBy(12));
            run.plant().healLinks();
            run.healed();
        });
    }

    static Fault killedStream(int times) {
        return Fault.of("F20", "stream processor and writer killed, " + times + " times", run -> {
            for (int i = 0; i < times; i++) {
                run.moment(20, 900);
                run.plant().stream().process().kill();
                startAgain(run, run.plant().stream());
            }
        });
    }

    static Fault frozenStream() {
        return Fault.of(
                        "F21/F24",
                        "stream processor frozen for longer than its session, with a transaction open",
                        run -> {
                            run.plant().stream().process().freeze();
                            try {
                                run.last(SECOND.multipliedBy(12));
                            } finally {
                                run.plant().stream().process().thaw();
                            }
                            run.healed();
                        })
                .settlingWithin(Duration.ofSeconds(120));
    }

    static Fault restartStorm() {
        return Fault.of("F22", "stream processor restarted again and again", run -> {
                    for (int i = 0; i < 4; i++) {
                        run.plant().stream().process().terminate();
                        run.plant().stream().restart();
                        run.moment(4_000, 10_000);
                    }
                    run.plant().stream().awaitReady();
                    run.healed();
                })
                .settlingWithin(Duration.ofSeconds(120));
    }

    static Fault lostState() {
        return Fault.of("F23", "state of the stream processor lost while it was down", run -> {
            run.plant().stream().process().terminate();
            wipe(run.plant().stateDirectory(run.plant().stream().name()));
            startAgain(run, run.plant().stream());
        });
    }

    static Fault lostStateAfterKill() {
        return Fault.of(
                        "F23/F24",
                        "stream processor killed and its state lost: its transaction hangs until it times out",
                        run -> {
                            run.plant().stream().process().kill();
                            wipe(run.plant().stateDirectory(run.plant().stream().name()));
                            startAgain(run, run.plant().stream());
                        })
                .settlingWithin(Duration.ofSeconds(150));
    }

    private static void wipe(Path directory) throws IOException {
        try (Stream<Path> tree = Files.walk(directory)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    static Fault poisonRecords() {
        return Fault.of("F25", "records that nobody can read, in every topic", run -> {
                    poison(run);
                    run.last(SECOND.multipliedBy(2));
                    run.healed();
                })
                .asking((run, stored) -> hasReason(stored, "POISON", 5 * POISON_PER_TOPIC));
    }

    private static void poison(FaultRun run) throws ExecutionException, InterruptedException, TimeoutException {
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", run.plant().kafka().bootstrapServers(Client.DIRECT)),
                new StringSerializer(),
                new ByteArraySerializer())) {
            for (Topics.Spec topic : Topics.ALL) {
                for (int i = 0; i < POISON_PER_TOPIC; i++) {
                    String key = run.tenant().id() + "/nobody-" + i;
                    producer.send(new ProducerRecord<>(topic.name(), key, poison(run.random(), i)))
                            .get(20, TimeUnit.SECONDS);
                }
            }
        }
    }

    private static byte[] poison(Random random, int kind) {
        byte[] bytes = new byte[random.nextInt(1, 300)];
        random.nextBytes(bytes);
        return switch (kind) {
            case 0 -> new byte[0];
            case 1 -> "{\"v\":1".getBytes(java.nio.charset.StandardCharsets.UTF_8);
            case 2 -> "{\"v\":99,\"tenant\":\"x\"}".getBytes(java.nio.charset.StandardCharsets.UTF_8);
            default -> bytes;
        };
    }

    static Fault wrongClocks() {
        FaultProfile none = FaultProfile.NONE;
        FaultProfile clocks = new FaultProfile(
                none.drift(),
                none.stuck(),
                0.002,
                none.silence(),
                none.outage(),
                new Occurrence(0.3, Duration.ofSeconds(20), Duration.ofSeconds(2), Duration.ofSeconds(6)),
                Duration.ofMinutes(10),
                0.02,
                0.005,
                none.bufferLimit());
        return Fault.of(
                        "F28",
                        "clocks that are wrong: one device an hour ahead, one four minutes, others for seconds",
                        run -> {
                            run.last(SECOND.multipliedBy(8));
                            run.healed();
                        })
                .under(load -> load.with(clocks)
                        .with(
                                "rogue-far",
                                Duration.ofMillis(200),
                                Feeds.ahead(Duration.ofHours(1).toMillis()))
                        .with(
                                "rogue-near",
                                Duration.ofMillis(200),
                                Feeds.ahead(Duration.ofMinutes(4).toMillis())))
                .asking((run, stored) -> hasReason(stored, "FUTURE_TS", 10));
    }

    static Fault duplicatesAndDisorder() {
        FaultProfile none = FaultProfile.NONE;
        FaultProfile disorder = new FaultProfile(
                none.drift(),
                none.stuck(),
                0.002,
                none.silence(),
                new Occurrence(0.9, Duration.ofSeconds(8), Duration.ofSeconds(1), Duration.ofSeconds(5)),
                none.wrongClock(),
                none.clockErrorLimit(),
                0.3,
                0.01,
                none.bufferLimit());
        return Fault.of(
                        "F30",
                        "a third of all messages sent twice, outages that deliver late and out of order",
                        run -> {
                            run.last(SECOND.multipliedBy(10));
                            run.healed();
                        })
                .under(load -> load.with(disorder));
    }

    static Fault databaseKilled() {
        return Fault.of("F31", "database killed and away; cut off where the server is somebody else's", run -> {
            takeDatabaseAway(run, SECOND.multipliedBy(8));
            run.healed();
        });
    }

    /** Kills it, or cuts it off where the server is somebody else's, for a while. */
    static void takeDatabaseAway(FaultRun run, Duration quick) {
        boolean ours = run.plant().database().isOurs();
        if (ours) {
            run.plant().database().kill();
        } else {
            run.plant().writerToDatabase().cut();
            run.plant().apiToDatabase().cut();
        }
        run.outage("database", quick);
        if (ours) {
            run.plant().restartDatabase();
        }
        run.plant().healLinks();
    }

    static Fault databaseUnreachable() {
        return Fault.of("F31", "database refuses connections", run -> {
            run.plant().writerToDatabase().cut();
            run.plant().apiToDatabase().cut();
            run.last(SECOND.multipliedBy(10));
            run.plant().healLinks();
            run.healed();
        });
    }

    static Fault databaseHalfOpen() {
        return Fault.of("F32", "database silent: packets dropped, nobody told", run -> {
            run.plant().writerToDatabase().silence();
            run.plant().apiToDatabase().silence();
            run.last(SECOND.multipliedBy(12));
            run.plant().writerToDatabase().flap();
            run.plant().apiToDatabase().flap();
            run.plant().healLinks();
            run.healed();
        });
    }

    static Fault databaseSlow() {
        return Fault.of("F33", "database slow: 200 ms each way", run -> {
            run.plant().writerToDatabase().delay(200);
            run.last(SECOND.multipliedBy(12));
            run.plant().healLinks();
            run.healed();
        });
    }

    static Fault zombieWriter() {
        return Fault.of("F38/F21", "stream processor and writer frozen, replaced by another, then resumed", run -> {
                    run.moment(20, 500);
                    run.plant().stream().process().freeze();
                    Service successor = run.plant().anotherStream(run.tenant().id() + "-successor");
                    try {
                        successor.awaitReady();
                        run.awaitStored(); // the successor has taken over
                    } finally {
                        run.plant().stream().process().thaw();
                    }
                    run.last(SECOND.multipliedBy(3));
                    successor.process().terminate();
                    run.healed();
                })
                .settlingWithin(Duration.ofSeconds(120));
    }

    static Fault apiKilled() {
        return Fault.of("F40", "API killed while a viewer watches", run -> {
                    run.moment(20, 900);
                    run.plant().api().process().kill();
                    startAgain(run, run.plant().api());
                    run.last(SECOND.multipliedBy(2));
                })
                .asking((run, stored) -> run.tenant().viewer().viewed().reconnects() > 0
                        ? List.of()
                        : List.of("the viewer never came back"));
    }

    static Fault hotDevice() {
        return Fault.of("F42", "one device sends 1,000 messages a second", run -> {
                    run.last(SECOND.multipliedBy(5));
                    run.healed();
                })
                .under(load -> load.with("hot", Duration.ofMillis(100), Feeds.hot(100, 15)));
    }

    static Fault tooManyMetrics() {
        return Fault.of("F44", "one device invents a metric with every message", run -> {
                    run.last(SECOND.multipliedBy(8));
                    run.healed();
                })
                .under(load -> load.with("inventive", Duration.ofMillis(100), Feeds.inventive(20, METRICS_TOO_MANY)))
                .asking((run, stored) -> hasReason(stored, "CARDINALITY", METRICS_TOO_MANY - 500));
    }

    static Fault issuerAway() {
        return Fault.of("F46", "identity provider away", run -> {
            Tenant tenant = run.tenant();
            run.plant().issuer().stop();
            try {
                run.last(SECOND.multipliedBy(3));
                tenant.api().call("GET", "/fleet/summary", "");
            } finally {
                run.plant().issuer().resume();
            }
            run.healed();
        });
    }

    static Fault oneWay() {
        return Fault.of("F48", "gateway cut off from Kafka alone", run -> {
            run.plant().gatewayToKafka().cut();
            run.last(SECOND.multipliedBy(10));
            run.plant().healLinks();
            run.healed();
        });
    }

    static Fault starvedStream() {
        return Fault.of("F49", "stream processor gets a tenth of the time", run -> {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(12);
            while (System.nanoTime() < end) {
                run.plant().stream().process().freeze();
                Waiting.pause(Duration.ofMillis(180));
                run.plant().stream().process().thaw();
                Waiting.pause(Duration.ofMillis(20));
            }
            run.healed();
        });
    }

    static Fault brokerKilled(int times) {
        return throughTheBroker("F2", "broker of the subscription killed, " + times + " times", run -> {
            for (int i = 0; i < times; i++) {
                run.moment(200, 900);
                Mosquitto broker = run.plant().broker().orElseThrow();
                run.tenant().brokerKilled();
                broker.process().kill();
                broker.restart();
                run.healed();
                // What the broker holds while the gateway is away it may lose with the next kill.
                run.awaitSubscribed();
            }
        });
    }

    static Fault brokerQueue() {
        return throughTheBroker("F4", "gateway frozen while the broker queues for its subscription", run -> {
            run.plant().gateway().process().freeze();
            try {
                run.last(SECOND.multipliedBy(6));
            } finally {
                run.plant().gateway().process().thaw();
            }
            run.healed();
        });
    }

    static Fault brokerFlapping(int times) {
        return throughTheBroker("F8", "subscription's connections reset, " + times + " times", run -> {
            for (int i = 0; i < times; i++) {
                run.moment(500, 2_000);
                run.plant().gatewayToBroker().flap();
            }
            run.healed();
        });
    }

    private static Fault throughTheBroker(String id, String title, Fault.Action action) {
        return Fault.of(id, title, action).needing(Need.BROKER).under(Tenant.Load::throughTheBroker);
    }

    static List<String> hasReason(Stored stored, String reason, int atLeast) {
        Map<String, Long> reasons = stored.quarantine().stream()
                .collect(Collectors.groupingBy(Stored.Refused::reason, Collectors.summingLong(Stored.Refused::count)));
        return reasons.getOrDefault(reason, 0L) >= atLeast
                ? List.of()
                : List.of("at least " + atLeast + " refusals by " + reason + " were to be seen, there are " + reasons);
    }

    /** The faults of a plant: those whose needs it has. */
    static boolean isPossible(Fault fault, Plant plant) {
        Set<Need> needs = fault.needs();
        return (!needs.contains(Need.BROKER) || plant.broker().isPresent())
                && (!needs.contains(Need.THREE_NODES) || plant.kafka().size() >= 3)
                && (!needs.contains(Need.OWN_DATABASE) || plant.database().isOurs())
                && (!needs.contains(Need.COLUMNSTORE) || plant.database().hasColumnstore())
                && (!needs.contains(Need.DISK_OF_THE_DATABASE)
                        || plant.databaseDisk().isPresent())
                && (!needs.contains(Need.PASSWORDS) || plant.asksForPasswords())
                && (!needs.contains(Need.ENCRYPTION) || plant.isEncryptedInside())
                && (!needs.contains(Need.NAMES) || plant.knowsNames())
                && (!needs.contains(Need.CLOCKS) || FakeClock.isPossible())
                && (!needs.contains(Need.DISK_OF_KAFKA) || plant.kafkaDisk().isPresent());
    }
}
