package dev.heliograph.ingest.sparkplug;

import static dev.heliograph.ingest.sparkplug.EdgeNodesFixture.LINE;
import static dev.heliograph.ingest.sparkplug.EdgeNodesFixture.PUMP;
import static dev.heliograph.ingest.sparkplug.Payloads.born;
import static dev.heliograph.ingest.sparkplug.Payloads.data;
import static dev.heliograph.ingest.sparkplug.Payloads.payload;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.ingest.sparkplug.EdgeNodeLink.End;
import dev.heliograph.ingest.sparkplug.EdgeNodesFixture.Wire;
import dev.heliograph.model.id.DeviceKey;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Edge nodes of the gateway's own endpoint: whose word counts for whom, and what is known over connections. */
class EdgeNodeLinkTest {
    private final EdgeNodesFixture fixture = new EdgeNodesFixture();

    @Test
    void givenAnEdgeNodeWithADevice_whenItLivesAndDies_thenItsReadingsAndItsPresenceAreThoseOfItsCredentials() {
        Wire wire = fixture.connect();

        wire.nodeBirth(3);
        wire.deviceBirth(1);
        wire.send("NDATA", payload(fixture.nowMillis, 2, data(1, 7)));
        wire.send("DDATA", payload(fixture.nowMillis, 3, data(2, 8)));
        wire.die(3);
        wire.link.ended("connection lost", End.GONE);

        assertThat(fixture.samples())
                .containsExactly(
                        "line-1 Inputs.A=1.5", "line-1_pump flow=2.5", "line-1 Inputs.A=7.0", "line-1_pump flow=8.0");
        assertThat(fixture.comings())
                .containsExactly(
                        "line-1 online NBIRTH",
                        "line-1_pump online DBIRTH",
                        "line-1 offline NDEATH",
                        "line-1_pump offline NDEATH");
        assertThat(fixture.refused()).isEmpty();
        assertThat(fixture.registry.get("heliograph.sparkplug.nodes").gauge().value())
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "spBv1.0/Plant/NDATA/Line 2",
                "spBv1.0/Plant/DDATA/Line 2/pump",
                "spBv1.0/Plant/NCMD/Line 1",
                "spBv1.0/Plant/DCMD/Line 1/pump",
                "spBv1.0/Plant/NDATA/Line 1/pump",
                "spBv1.0/Plant/DDATA/Line 1",
                "spBv1.0/Plant/STATE/Line 1",
                "spBv1.0/STATE/heliograph",
                "spBv1.0//NDATA/Line 1",
                "spAv1.0/Plant/NDATA/Line 1",
                "spBv1.0/Plant/NDATA/line-1_pump",
            })
    void givenATopicThatIsNotItsOwn_whenAsked_thenItMayNotPublishToIt(String topic) {
        assertThat(fixture.connect().link.mayPublish(topic)).isFalse();
    }

    @Test
    void givenAGroupThatIsSettled_whenTheConnectionNamesAnother_thenItMayNot() {
        Wire wire = fixture.connect();
        assertThat(wire.link.mayPublish("spBv1.0/Plant/NBIRTH/LINE 1")).isTrue();

        assertThat(wire.link.mayPublish("spBv1.0/Other/NBIRTH/LINE 1")).isFalse();
        assertThat(wire.link.mayPublish("spBv1.0/Plant/NBIRTH/Line 1"))
                .as("another edge node that would be the same device")
                .isFalse();
        assertThat(wire.link.mayPublish("spBv1.0/Plant/DDATA/LINE 1/x")).isTrue();
    }

    @Test
    void givenTheSameGroupOfTwoTenants_whenBothPublish_thenEachIsItsOwn() {
        DeviceKey foreign = DeviceKey.of("umbrella", "line-1");
        fixture.register(foreign, Map.of());
        Wire ours = fixture.connect(LINE);
        Wire theirs = fixture.connect(foreign);

        ours.nodeBirth(0);
        theirs.nodeBirth(0);
        theirs.die(0);

        assertThat(fixture.of("readings").stream().map(event -> event.key()))
                .containsExactly("acme/line-1", "umbrella/line-1");
        assertThat(fixture.registry.get("heliograph.sparkplug.nodes").gauge().value())
                .isEqualTo(1);
    }

    @Test
    void givenADeviceOfAnother_whenAnEdgeNodeSpeaksForIt_thenItIsRefusedAndItsPresenceIsLeftAlone() {
        fixture.register(PUMP, Map.of("gateway", "line-2"));
        Wire wire = fixture.connect();
        wire.nodeBirth(0);

        wire.deviceBirth(1);
        wire.sendTo("spBv1.0/Plant/DBIRTH/Line 1/ghost", payload(fixture.nowMillis, 2, born("a", 9, 1)));
        wire.send("DDEATH", payload(fixture.nowMillis, 3));
        wire.die(0);

        assertThat(fixture.refused())
                .containsExactly(
                        "acme/line-1 IDENTITY_MISMATCH",
                        "acme/line-1_ghost UNKNOWN_DEVICE",
                        "acme/line-1 IDENTITY_MISMATCH");
        assertThat(fixture.comings()).containsExactly("line-1 online NBIRTH", "line-1 offline NDEATH");
        assertThat(fixture.samples()).containsExactly("line-1 Inputs.A=1.5");
    }

    @ParameterizedTest
    @CsvSource({
        "spBv1.0/Plant/NCMD/Line 1, true",
        "spBv1.0/Plant/NCMD/Line 1/#, true",
        "spBv1.0/Plant/DCMD/Line 1/#, true",
        "spBv1.0/Plant/DCMD/Line 1/+, true",
        "spBv1.0/Plant/DCMD/Line 1/pump, true",
        "spBv1.0/STATE/heliograph, true",
        "spBv1.0/STATE/other, false",
        "spBv1.0/STATE/+, false",
        "spBv1.0/Plant/NCMD/Line 2, false",
        "spBv1.0/Plant/NCMD/+, false",
        "spBv1.0/+/NCMD/Line 1, false",
        "spBv1.0/#, false",
        "spBv1.0/Plant/NDATA/Line 1, false",
        "spBv1.0/Plant/DCMD/Line 1, false",
        "spBv1.0/Plant/NCMD/Line 1/pump, false",
    })
    void givenAFilter_whenSubscribed_thenOnlyItsOwnCommandsAndTheHostsStateAreGranted(String filter, boolean granted) {
        assertThat(fixture.connect().link.subscribe(filter)).isEqualTo(granted);
    }

    @Test
    void givenDataBeforeItsBirth_whenCommandsAreHeard_thenTheBirthIsAskedForAndTheDataWaits() {
        Wire wire = fixture.connect();
        wire.link.subscribe("spBv1.0/Plant/NCMD/Line 1");

        wire.send("NDATA", payload(fixture.nowMillis, 5, data(1, 7)));
        assertThat(wire.heard).containsExactly("spBv1.0/Plant/NCMD/Line 1");
        assertThat(wire.answered).isEmpty();
        wire.nodeBirth(0);

        assertThat(fixture.samples()).containsExactly("line-1 Inputs.A=1.5", "line-1 Inputs.A=7.0");
        assertThat(wire.answered).containsExactly("ok", "ok");
    }

    @Test
    void givenDataBeforeItsBirth_whenNoneComes_thenItIsRefusedInTimeAndNothingGoesOnTicking() {
        Wire wire = fixture.connect();
        wire.send("NDATA", payload(fixture.nowMillis, 5, data(1, 7)));

        fixture.pass(Duration.ofSeconds(31));

        assertThat(fixture.refused()).containsExactly("acme/line-1 SPARKPLUG");
        assertThat(wire.answered).containsExactly("no");
        assertThat(wire.heard).as("it has not subscribed to commands").isEmpty();
        fixture.pass(Duration.ofMinutes(10));
        wire.link.ended("connection lost", End.GONE);
        fixture.pass(Duration.ofSeconds(1));
        assertThat(fixture.count("rebirth")).isPositive();
    }

    @Test
    void givenManyMessagesBeforeTheBirth_whenTheyWait_thenAtMostThoseThatLeaveRoomForTheBirth() {
        EdgeNodesFixture small = new EdgeNodesFixture("endpoint.max-held-messages-per-node=3");
        Wire wire = small.connect();

        for (int sequence = 0; sequence < 5; sequence++) {
            wire.send("NDATA", payload(small.nowMillis, sequence, data(1, sequence)));
        }

        assertThat(wire.answered).containsExactly("no", "no");
        wire.nodeBirth(0);
        assertThat(small.samples()).hasSize(4);
    }

    @Test
    void givenEdgeNodesOfOneTenant_whenTheyDefineWhatTheyCan_thenThereIsRoomForAnotherTenant() {
        EdgeNodesFixture small = new EdgeNodesFixture("max-definitions=8", "endpoint.max-definitions-per-node=3");
        for (int number = 1; number <= 3; number++) {
            DeviceKey node = DeviceKey.of("acme", "n" + number);
            small.register(node, Map.of());
            Wire wire = small.connect(node);
            wire.sendTo(
                    "spBv1.0/Plant/NBIRTH/n" + number,
                    payload(small.nowMillis, 0, born("a", 1, 1), born("b", 2, 1), born("c", 3, 1)));
        }
        DeviceKey other = DeviceKey.of("umbrella", "n1");
        small.register(other, Map.of());
        Wire wire = small.connect(other);

        wire.sendTo("spBv1.0/Plant/NBIRTH/n1", payload(small.nowMillis, 0, born("a", 1, 1), born("b", 2, 1)));

        assertThat(small.refused()).containsExactly("acme/n2 SPARKPLUG", "acme/n3 SPARKPLUG");
        assertThat(small.samples()).hasSize(5);
    }

    @Test
    void givenASecondConnection_whenItSpeaks_thenTheFirstIsOverAndWhoDoesNotComeBackIsCalledOffline() {
        Wire first = fixture.connect();
        first.nodeBirth(0);
        first.deviceBirth(1);
        Wire second = fixture.connect();

        second.nodeBirth(1);
        first.send("NDATA", payload(fixture.nowMillis, 2, data(1, 9)));
        first.die(0);
        first.link.ended("connection lost", End.REPLACED);

        assertThat(first.isTakenOver).isTrue();
        assertThat(fixture.count("stale_death")).isEqualTo(1);
        assertThat(fixture.refused()).containsExactly("acme/line-1 SPARKPLUG");
        assertThat(fixture.comings())
                .containsExactly("line-1 online NBIRTH", "line-1_pump online DBIRTH", "line-1 online NBIRTH");
        fixture.pass(Duration.ofSeconds(31));
        assertThat(fixture.comings()).endsWith("line-1_pump offline no DBIRTH").hasSize(4);
    }

    @Test
    void givenAFormerConnectionThatHasEndedFirst_whenItWasReplaced_thenWhatItKnewIsStillThere() {
        Wire first = fixture.connect();
        first.nodeBirth(0);
        first.deviceBirth(1);
        first.link.ended("another connection uses this client id", End.REPLACED);
        assertThat(fixture.comings()).hasSize(2);

        Wire second = fixture.connect();
        second.nodeBirth(1);
        second.link.ended("connection lost", End.GONE);

        assertThat(fixture.comings().subList(2, 5))
                .containsExactly(
                        "line-1 online NBIRTH",
                        "line-1 offline connection lost",
                        "line-1_pump offline connection lost");
    }

    @Test
    void givenTheHostsState_whenSubscribed_thenItFollowsTheAnswerAndEndsWithTheSameTimeWhenTheGatewayGoes() {
        Wire wire = fixture.connect();
        wire.link.subscribe("spBv1.0/STATE/heliograph");
        assertThat(wire.heard).isEmpty();
        wire.link.subscribed();
        wire.send("NDATA", payload(fixture.nowMillis, 5, data(1, 7)));
        fixture.nowMillis += 5_000;

        wire.link.leaving();
        wire.send("NDATA", payload(fixture.nowMillis, 6, data(1, 8)));
        wire.link.ended("the gateway is shutting down", End.SENT_AWAY);

        assertThat(wire.heard)
                .containsExactly(
                        "{\"online\":true,\"timestamp\":" + HostFixture.START + "}",
                        "{\"online\":false,\"timestamp\":" + HostFixture.START + "}");
        assertThat(wire.answered)
                .as("nothing waits for a birth that cannot come")
                .containsExactly("no", "no");
        assertThat(fixture.comings()).isEmpty();
    }

    @Test
    void givenAWordOfFarewell_whenTheConnectionEndsWithoutADeath_thenAllAreOffline() {
        Wire wire = fixture.connect();
        wire.nodeBirth(0);
        wire.deviceBirth(1);

        wire.link.ended("disconnected by the device", End.GONE);

        assertThat(fixture.comings().subList(2, 4))
                .containsExactlyInAnyOrder(
                        "line-1 offline disconnected by the device", "line-1_pump offline disconnected by the device");
    }

    @Test
    void givenAWill_whenConnecting_thenOnlyTheDeathOfTheDeviceItselfIsOne() {
        assertThat(EdgeNodes.isDeathOf("spBv1.0/Any group/NDEATH/Line 1", LINE)).isTrue();
        assertThat(EdgeNodes.isDeathOf("spBv1.0/Any group/NDEATH/Line 2", LINE)).isFalse();
        assertThat(EdgeNodes.isDeathOf("spBv1.0/Any group/NBIRTH/Line 1", LINE)).isFalse();
        assertThat(EdgeNodes.isDeathOf("spBv1.0/Any group/DDEATH/Line 1/pump", LINE))
                .isFalse();
    }
}
