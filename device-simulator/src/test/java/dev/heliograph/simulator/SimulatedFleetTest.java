package dev.heliograph.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.LONG;
import static org.awaitility.Awaitility.await;

import dev.heliograph.model.id.DeviceId;
import dev.heliograph.simulator.history.HistoryReader;
import dev.heliograph.simulator.mqtt.LinkIdentity.Credential;
import dev.heliograph.simulator.mqtt.LinkSettings;
import dev.heliograph.simulator.mqtt.MqttResponder;
import dev.heliograph.simulator.mqtt.MqttResponder.Received;
import dev.heliograph.simulator.physics.Site;
import dev.heliograph.simulator.provision.Credentials;
import dev.heliograph.simulator.replay.ReplaySettings;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SimulatedFleetTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int MANY = 100;

    @TempDir
    private Path directory;

    @Test
    void givenWelcomingServer_whenFleetRuns_thenEachDeviceSpeaksForItselfAndAllIsAcknowledged() throws IOException {
        try (MqttResponder server = new MqttResponder(MANY, message -> 0)) {
            Path historyFile = directory.resolve("history.tsv");
            FleetStatistics end;
            try (SimulatedFleet fleet = SimulatedFleet.start(settings(server.address())
                    .devices(10)
                    .credentials(new Credentials(
                            Map.of(new DeviceId("boiler-001"), new Credential("demo/boiler-001", "secret"))))
                    .history(historyFile)
                    .build())) {
                await().atMost(PATIENCE).until(() -> clients(server).size() == 10);
                fleet.close();
                end = fleet.statistics();
            }

            assertThat(end.generated()).isPositive().isEqualTo(end.acknowledged() + end.dropped());
            assertThat(end.waiting()).isZero();
            assertThat(end.connected()).isZero();
            assertThat(server.telemetry())
                    .allSatisfy(m -> assertThat(m.topic()).isEqualTo("iot/v1/" + m.clientId() + "/telemetry"));
            assertThat(server.status().stream().map(Received::payload)).contains("online", "offline");
            var boiler = server.connects().stream()
                    .filter(c -> c.payload().clientIdentifier().equals("demo/boiler-001"))
                    .findAny()
                    .orElseThrow();
            assertThat(boiler.payload().userName()).isEqualTo("demo/boiler-001");
            assertThat(boiler.payload().passwordInBytes()).isEqualTo("secret".getBytes(StandardCharsets.UTF_8));
            assertThat(boiler.payload().willTopic()).isEqualTo("iot/v1/demo/boiler-001/status");
            assertThat(boiler.payload().willMessageInBytes()).isEqualTo("offline".getBytes(StandardCharsets.UTF_8));
            assertThat(boiler.variableHeader().isWillRetain()).isFalse();
            Map<String, HistoryReader.Entry> history = HistoryReader.read(historyFile);
            assertThat(history.values().stream().filter(HistoryReader.Entry::isAcknowledged))
                    .hasSize((int) end.acknowledged());
            assertThat(history.values().stream().map(e -> new String(e.payload(), StandardCharsets.UTF_8)))
                    .containsExactlyInAnyOrderElementsOf(
                            server.telemetry().stream().map(Received::payload).toList());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0x97, 0x10})
    void givenServerThatHasNoPlaceForIt_whenItSaysSo_thenTheMessageIsSentAgainUntilItIsTaken(int code)
            throws IOException {
        Set<String> refusedOnce = ConcurrentHashMap.newKeySet();
        try (MqttResponder server = new MqttResponder(MANY, m -> refusedOnce.add(m.payload()) ? code : 0);
                SimulatedFleet fleet = SimulatedFleet.start(
                        settings(server.address()).devices(1).build())) {
            await().atMost(PATIENCE).until(() -> fleet.statistics().acknowledged() >= 5);

            FleetStatistics statistics = fleet.statistics();
            assertThat(statistics.later()).isGreaterThanOrEqualTo(5);
            assertThat(statistics.refused()).isZero();
            assertThat(statistics.reasonCodes()).containsKey(code);
        }
    }

    @Test
    void givenServerThatRefusesPayload_whenFleetRuns_thenRefusalsAreCountedAndNotSentAgain() throws IOException {
        try (MqttResponder server = new MqttResponder(MANY, m -> 0x99);
                SimulatedFleet fleet = SimulatedFleet.start(
                        settings(server.address()).devices(1).build())) {
            await().atMost(PATIENCE).until(() -> fleet.statistics().refused() >= 5);

            assertThat(fleet.statistics().acknowledged()).isZero();
            List<String> payloads =
                    server.telemetry().stream().map(Received::payload).toList();
            assertThat(payloads).doesNotHaveDuplicates();
        }
    }

    @Test
    void givenSilentServer_whenConnectionIsCut_thenUnansweredMessagesComeAgainInOrder() throws IOException {
        AtomicBoolean answering = new AtomicBoolean();
        try (MqttResponder server = new MqttResponder(3, m -> answering.get() ? 0 : MqttResponder.SILENCE);
                SimulatedFleet fleet = SimulatedFleet.start(
                        settings(server.address()).devices(1).build())) {
            await().atMost(PATIENCE).until(() -> fleet.statistics().waiting() >= 6);
            List<String> before = payloads(server);
            assertThat(before).hasSize(3); // the receive maximum of the server
            assertThat(server.mostInFlight()).isEqualTo(3);

            answering.set(true);
            server.cut();

            await().atMost(PATIENCE).until(() -> fleet.statistics().acknowledged() >= 6);
            assertThat(payloads(server).subList(3, 6)).isEqualTo(before);
            assertThat(fleet.statistics().unknown()).isEqualTo(3);
            assertThat(fleet.statistics().connects()).isGreaterThanOrEqualTo(2);
        }
    }

    @Test
    void givenNoServer_whenMemoryIsFull_thenTheOldestAreDroppedAndCounted() throws IOException {
        URI nobody;
        try (MqttResponder server = new MqttResponder(MANY, m -> 0)) {
            nobody = server.address();
        }
        try (SimulatedFleet fleet = SimulatedFleet.start(settings(nobody)
                .devices(1)
                .link(LinkSettings.to(nobody)
                        .withQueues(10, 5)
                        .withBackoff(Duration.ofMillis(10), Duration.ofMillis(50)))
                .drain(Duration.ZERO)
                .build())) {
            await().atMost(PATIENCE).until(() -> fleet.statistics().dropped() >= 5);

            assertThat(fleet.statistics().waiting()).isLessThanOrEqualTo(5);
            assertThat(fleet.statistics().connectFailures()).isPositive();
            assertThat(fleet.statistics().latestProblem()).contains("demo/boiler-001 cannot connect");
        }
    }

    @Test
    void givenSharedConnections_whenFleetRuns_thenAllDevicesArriveThroughThem() throws IOException {
        try (MqttResponder server = new MqttResponder(MANY, m -> 0);
                SimulatedFleet fleet = SimulatedFleet.start(
                        settings(server.address()).devices(10).connections(2).build())) {
            await().atMost(PATIENCE)
                    .until(() -> server.telemetry().stream()
                                    .map(Received::topic)
                                    .distinct()
                                    .count()
                            == 10);

            assertThat(clients(server)).containsExactlyInAnyOrder("demo-simulator-0", "demo-simulator-1");
            assertThat(fleet.statistics().connected()).isEqualTo(2);
        }
    }

    @Test
    void givenRecording_whenReplayedAsFastAsPossible_thenEveryReadingArrivesOnceAndItEnds() throws Exception {
        Path file = Files.writeString(directory.resolve("r.csv"), """
                device,time,temperature,door
                room-1,2020-01-01T00:00:00Z,20.5,open
                room-2,2020-01-01T00:00:30Z,19,
                room-1,2020-01-01T00:01:00Z,,closed
                room-1,not a time,1,open
                """);
        try (MqttResponder server = new MqttResponder(1, m -> 0);
                SimulatedFleet fleet = SimulatedFleet.start(settings(server.address())
                        .replay(new ReplaySettings(
                                file,
                                ReplaySettings.AS_FAST_AS_POSSIBLE,
                                ReplaySettings.Times.KEEP,
                                Duration.ZERO,
                                "room",
                                Site.ALL.getFirst(),
                                100))
                        .build())) {
            assertThat(fleet.awaitEnd(PATIENCE)).isTrue();
            fleet.close();

            assertThat(fleet.statistics().acknowledged()).isEqualTo(3);
            assertThat(payloads(server))
                    .containsExactlyInAnyOrder(
                            "{\"ts\":1577836800000,\"seq\":0,\"metrics\":{\"temperature\":20.5,\"door\":\"open\"}}",
                            "{\"ts\":1577836830000,\"seq\":0,\"metrics\":{\"temperature\":19.0}}",
                            "{\"ts\":1577836860000,\"seq\":1,\"metrics\":{\"door\":\"closed\"}}");
        }
    }

    @Test
    void givenDevicesRecordedOneAfterTheOther_whenEachIsShifted_thenAllOfThemEndAtThePresent() throws Exception {
        Path file = Files.writeString(directory.resolve("r.csv"), """
                device,time,temperature
                room-1,2020-01-01T00:00:00Z,20
                room-1,2020-01-01T01:00:00Z,21
                room-2,2020-01-09T00:00:00Z,22
                room-2,2020-01-09T02:00:00Z,23
                """);
        long before = System.currentTimeMillis();
        try (MqttResponder server = new MqttResponder(MANY, m -> 0);
                SimulatedFleet fleet = SimulatedFleet.start(settings(server.address())
                        .replay(new ReplaySettings(
                                file,
                                ReplaySettings.AS_FAST_AS_POSSIBLE,
                                ReplaySettings.Times.SHIFT_EACH,
                                Duration.ZERO,
                                "room",
                                Site.ALL.getFirst(),
                                100))
                        .build())) {
            assertThat(fleet.awaitEnd(PATIENCE)).isTrue();
            fleet.close();
            long after = System.currentTimeMillis();

            long hour = Duration.ofHours(1).toMillis();
            assertThat(timesOf("room-1", server)).hasSize(2).last(LONG).isBetween(before, after);
            assertThat(timesOf("room-2", server)).hasSize(2).last(LONG).isBetween(before, after);
            assertThat(timesOf("room-1", server)).first(LONG).isBetween(before - hour, after - hour);
            assertThat(timesOf("room-2", server)).first(LONG).isBetween(before - 2 * hour, after - 2 * hour);
        }
    }

    private static List<Long> timesOf(String device, MqttResponder server) {
        return server.telemetry().stream()
                .filter(message -> message.topic().contains("/" + device + "/"))
                .map(message -> Long.parseLong(message.payload().replaceAll("\\{\"ts\":(\\d+),.*", "$1")))
                .toList();
    }

    private static FleetSettings.Builder settings(URI server) {
        return FleetSettings.builder(server)
                .link(LinkSettings.to(server).withBackoff(Duration.ofMillis(20), Duration.ofMillis(200)))
                .interval(Duration.ofMillis(100))
                .seed(7);
    }

    private static Set<String> clients(MqttResponder server) {
        return server.telemetry().stream().map(Received::clientId).collect(Collectors.toSet());
    }

    private static List<String> payloads(MqttResponder server) {
        return server.telemetry().stream().map(Received::payload).toList();
    }
}
