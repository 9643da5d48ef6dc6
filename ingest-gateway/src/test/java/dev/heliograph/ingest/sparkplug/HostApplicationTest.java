package dev.heliograph.ingest.sparkplug;

import static dev.heliograph.ingest.sparkplug.Payloads.bdSeq;
import static dev.heliograph.ingest.sparkplug.Payloads.born;
import static dev.heliograph.ingest.sparkplug.Payloads.data;
import static dev.heliograph.ingest.sparkplug.Payloads.payload;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.ingest.funnel.Refusal;
import dev.heliograph.ingest.sparkplug.Effect.Note;
import dev.heliograph.ingest.sparkplug.Payloads.Metric;
import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.reading.Reading;
import dev.heliograph.model.reading.ReadingFlag;
import dev.heliograph.model.reading.Sample;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The table of the guide, case by case. */
class HostApplicationTest {
    private static final NodeId NODE = new NodeId("Plant", "Edge 1");

    private final HostFixture fixture = new HostFixture();

    @Test
    void givenBirths_whenDataComesByAlias_thenItIsReadByNameWithTheUnitOfTheBirth() {
        fixture.nodeBirth(7, 0);
        fixture.send(
                "DBIRTH",
                payload(fixture.nowMillis, 1, born("Outlet/Flow Rate", 2, 2.5).unit("m³/h")));

        fixture.send("NDATA", payload(fixture.nowMillis, 2, data(1, 3.5)));
        fixture.send("DDATA", payload(fixture.nowMillis, 3, data(2, 4.5)));

        assertThat(fixture.samples())
                .containsExactly(
                        "edge-1 Inputs.A=1.5",
                        "edge-1_pump Outlet.Flow_Rate=2.5",
                        "edge-1 Inputs.A=3.5",
                        "edge-1_pump Outlet.Flow_Rate=4.5");
        assertThat(fixture.judged
                        .getLast()
                        .outcome()
                        .readings()
                        .getFirst()
                        .samples()
                        .getFirst())
                .isInstanceOfSatisfying(
                        Sample.Measurement.class,
                        flow -> assertThat(flow.unit()).isEqualTo("m³/h"));
        assertThat(fixture.refusals()).isEmpty();
        assertThat(fixture.asked).isEmpty();
        assertThat(fixture.comings()).containsExactly("edge-1+NBIRTH", "edge-1_pump+DBIRTH");
    }

    @Test
    void givenDataBeforeItsBirth_whenTheBirthComes_thenItHasWaitedAndIsRead() {
        fixture.send("NDATA", payload(fixture.nowMillis, 17, data(1, 3.5)));
        fixture.send("DDATA", payload(fixture.nowMillis, 18, data(2, 4.5)));
        assertThat(fixture.judged).isEmpty();
        assertThat(fixture.asked).containsExactly(NODE);

        fixture.nodeBirth(7, 0);
        assertThat(fixture.samples()).containsExactly("edge-1 Inputs.A=1.5", "edge-1 Inputs.A=3.5");
        fixture.deviceBirth(1);

        assertThat(fixture.samples()).endsWith("edge-1_pump flow=2.5", "edge-1_pump flow=4.5");
        assertThat(fixture.refusals()).isEmpty();
        assertThat(fixture.host.held()).isZero();
    }

    @Test
    void givenDataBeforeItsBirth_whenNoBirthComes_thenItIsRefusedAfterTheHoldTimeout() {
        byte[] early = payload(fixture.nowMillis, 17, data(1, 3.5));
        fixture.send("NDATA", early);

        fixture.pass(Duration.ofMillis(29_999));
        assertThat(fixture.judged).isEmpty();
        fixture.pass(Duration.ofMillis(1));

        assertThat(fixture.reasons()).containsExactly("SPARKPLUG");
        assertThat(fixture.judged.getFirst().arrival().message().payload()).isSameAs(early);
        assertThat(fixture.judged.getFirst().outcome().device()).isEqualTo(HostFixture.NODE);
    }

    @Test
    void givenDataOfADeviceBeforeItsBirth_whenTheNodeIsBorn_thenBirthsAreAskedFor() {
        fixture.nodeBirth(7, 0);

        fixture.send("DDATA", payload(fixture.nowMillis, 1, data(2, 4.5)));

        assertThat(fixture.asked).containsExactly(NODE);
        assertThat(fixture.host.held()).isEqualTo(1);
    }

    @Test
    void givenADeviceBirthBeforeTheNodes_whenItComes_thenItsValuesAreKeptAndBirthsAreAskedFor() {
        fixture.deviceBirth(1);

        assertThat(fixture.samples()).containsExactly("edge-1_pump flow=2.5");
        assertThat(fixture.asked).containsExactly(NODE);
        assertThat(fixture.presence).isEmpty();
    }

    @Test
    void givenAMissingNumber_whenItComesInTime_thenNobodyIsAsked() {
        fixture.nodeBirth(7, 0);
        fixture.send("NDATA", payload(fixture.nowMillis, 2, data(1, 12)));
        fixture.pass(Duration.ofMillis(1_999));

        fixture.send("NDATA", payload(fixture.nowMillis, 1, data(1, 11)));
        fixture.pass(Duration.ofSeconds(10));

        assertThat(fixture.samples()).endsWith("edge-1 Inputs.A=12.0", "edge-1 Inputs.A=11.0");
        assertThat(fixture.asked).isEmpty();
        assertThat(fixture.notes).contains(Note.REORDERED);
    }

    @Test
    void givenAMissingNumber_whenItDoesNotCome_thenBirthsAreAskedForOnceAndDataIsReadMeanwhile() {
        fixture.nodeBirth(7, 0);
        fixture.send("NDATA", payload(fixture.nowMillis, 2, data(1, 12)));

        fixture.pass(Duration.ofSeconds(2));
        fixture.send("NDATA", payload(fixture.nowMillis, 3, data(1, 13)));
        fixture.pass(Duration.ofSeconds(20));

        assertThat(fixture.samples()).endsWith("edge-1 Inputs.A=12.0", "edge-1 Inputs.A=13.0");
        assertThat(fixture.asked).containsExactly(NODE);
    }

    @Test
    void givenManyMissingNumbers_whenTheBirthComesWithOtherAliases_thenNothingIsReadByTheWrongOne() {
        fixture.nodeBirth(7, 0);
        fixture.send("NDATA", payload(fixture.nowMillis, 9, data(1, 99)));
        assertThat(fixture.asked).containsExactly(NODE);
        assertThat(fixture.host.held()).isEqualTo(1);

        fixture.send("NBIRTH", payload(fixture.nowMillis, 0, bdSeq(7), born("Inputs/B", 1, 5)));

        assertThat(fixture.samples()).containsExactly("edge-1 Inputs.A=1.5", "edge-1 Inputs.B=5.0");
        assertThat(fixture.reasons()).containsExactly("SPARKPLUG");
    }

    @Test
    void givenManyMissingNumbers_whenNobodyAnswers_thenTheLastBirthIsBelievedAfterTheHoldTimeout() {
        fixture.nodeBirth(7, 0);
        fixture.send("NDATA", payload(fixture.nowMillis, 9, data(1, 99)));

        fixture.pass(Duration.ofSeconds(30));
        fixture.send("NDATA", payload(fixture.nowMillis, 10, data(1, 100)));

        assertThat(fixture.samples()).endsWith("edge-1 Inputs.A=99.0", "edge-1 Inputs.A=100.0");
        assertThat(fixture.refusals()).isEmpty();
    }

    @Test
    void givenAnUnknownAlias_whenTheBirthAfterItHasNone_thenItAloneIsRefusedAndNotAskedForAgain() {
        fixture.nodeBirth(7, 0);
        fixture.send("NDATA", payload(fixture.nowMillis, 1, data(1, 3), data(66, 4)));
        assertThat(fixture.asked).containsExactly(NODE);
        fixture.nodeBirth(7, 0);
        assertThat(fixture.samples()).endsWith("edge-1 Inputs.A=3.0");

        fixture.send("NDATA", payload(fixture.nowMillis + 1, 1, data(1, 5), data(66, 6)));
        fixture.pass(Duration.ofMinutes(1));

        assertThat(fixture.samples()).endsWith("edge-1 Inputs.A=5.0");
        assertThat(fixture.reasons()).containsExactly("SPARKPLUG", "SPARKPLUG");
        assertThat(fixture.asked).hasSize(1);
    }

    @Test
    void givenAnAliasTwiceInABirth_whenDataUsesIt_thenItIsRefusedAndTheBirthsOwnValuesAreKept() {
        fixture.send("NBIRTH", payload(fixture.nowMillis, 0, bdSeq(1), born("a", 1, 1), born("b", 1, 2)));

        fixture.send("NDATA", payload(fixture.nowMillis, 1, data(1, 3)));

        assertThat(fixture.samples()).containsExactly("edge-1 a=1.0", "edge-1 b=2.0");
        assertThat(fixture.refusals())
                .singleElement()
                .satisfies(refusal ->
                        assertThat(refusal.detail()).isEqualTo("the birth gave the alias 1 to several metrics"));
    }

    @Test
    void givenABirth_whenItsDeathComes_thenTheNodeAndAllItsDevicesAreOffline() {
        fixture.nodeBirth(7, 0);
        fixture.deviceBirth(1);

        fixture.send("NDEATH", payload(fixture.nowMillis, null, bdSeq(7)));

        assertThat(fixture.comings()).endsWith("edge-1-NDEATH", "edge-1_pump-NDEATH");
        assertThat(fixture.judged.getLast().outcome().isClean()).isTrue();
        assertThat(fixture.host.nodesOnline()).isZero();
    }

    @Test
    void givenABirth_whenTheDeathOfAnotherConnectionComes_thenNothingChanges() {
        fixture.nodeBirth(7, 0);

        fixture.send("NDEATH", payload(fixture.nowMillis, null, bdSeq(6)));
        fixture.send("NDATA", payload(fixture.nowMillis, 1, data(1, 3)));

        assertThat(fixture.comings()).containsExactly("edge-1+NBIRTH");
        assertThat(fixture.notes).contains(Note.STALE_DEATH);
        assertThat(fixture.samples()).endsWith("edge-1 Inputs.A=3.0");
    }

    @Test
    void givenADeath_whenItComesAgain_thenItIsPassedOver() {
        fixture.nodeBirth(7, 0);
        fixture.send("NDEATH", payload(fixture.nowMillis, null, bdSeq(7)));

        fixture.send("NDEATH", payload(fixture.nowMillis, null, bdSeq(7)));

        assertThat(fixture.comings()).containsExactly("edge-1+NBIRTH", "edge-1-NDEATH");
    }

    @Test
    void givenWaitingData_whenTheDeathComesFirst_thenTheNextBirthDoesNotReadIt() {
        fixture.send("NDATA", payload(fixture.nowMillis, 17, data(1, 3.5)));

        fixture.send("NDEATH", payload(fixture.nowMillis, null, bdSeq(7)));
        fixture.send("NBIRTH", payload(fixture.nowMillis, 0, bdSeq(8), born("other", 1, 5)));

        assertThat(fixture.samples()).containsExactly("edge-1 other=5.0");
        assertThat(fixture.reasons()).containsExactly("SPARKPLUG");
        assertThat(fixture.comings()).containsExactly("edge-1-NDEATH", "edge-1+NBIRTH");
    }

    @Test
    void givenADeathWithoutNumber_whenItComes_thenItIsRefusedAndNobodyIsOffline() {
        fixture.nodeBirth(7, 0);

        fixture.send(
                "NDEATH",
                payload(fixture.nowMillis, null, new Metric().name("other").intValue(7)));

        assertThat(fixture.reasons()).containsExactly("SPARKPLUG");
        assertThat(fixture.comings()).containsExactly("edge-1+NBIRTH");
    }

    @Test
    void givenTheDeathOfAnotherNode_whenItComes_thenOnlyThatOneIsOffline() {
        fixture.nodeBirth(7, 0);

        fixture.sendTo("spBv1.0/Plant/NDEATH/Edge 2", payload(fixture.nowMillis, null, bdSeq(7)));

        assertThat(fixture.comings()).containsExactly("edge-1+NBIRTH", "edge-2-NDEATH");
    }

    @Test
    void givenAPrincipal_whenTheTopicNamesAnotherNode_thenItIsRefused() {
        fixture.sendAs(DeviceKey.of("acme", "edge-2"), "spBv1.0/Plant/NDEATH/Edge 1", payload(null, null, bdSeq(7)));
        fixture.sendAs(DeviceKey.of("umbrella", "edge-1"), "spBv1.0/Plant/NDATA/Edge 1", payload(null, 1));

        assertThat(fixture.reasons()).containsExactly("IDENTITY_MISMATCH", "IDENTITY_MISMATCH");
        assertThat(fixture.presence).isEmpty();
    }

    @Test
    void givenADeviceDeath_whenItComes_thenTheDeviceAloneIsOfflineAndItsDataWaitsForABirth() {
        fixture.nodeBirth(7, 0);
        fixture.deviceBirth(1);

        fixture.send("DDEATH", payload(fixture.nowMillis, 2));
        fixture.send("DDATA", payload(fixture.nowMillis, 3, data(2, 4)));

        assertThat(fixture.comings()).endsWith("edge-1_pump-DDEATH");
        assertThat(fixture.host.held()).isEqualTo(1);
        assertThat(fixture.asked).containsExactly(NODE);
    }

    @Test
    void givenANewBirth_whenADeviceDoesNotComeBack_thenItIsOfflineAfterAWhile() {
        fixture.nodeBirth(7, 0);
        fixture.deviceBirth(1);

        fixture.nodeBirth(8, 0);
        assertThat(fixture.comings()).hasSize(2);
        fixture.pass(Duration.ofSeconds(30));

        assertThat(fixture.comings()).endsWith("edge-1_pump-no DBIRTH");
    }

    @Test
    void givenNullTransientAndControlMetrics_whenTheyCome_thenTheyAreNeitherReadingsNorRefusals() {
        fixture.send(
                "NBIRTH",
                payload(
                        fixture.nowMillis,
                        0,
                        bdSeq(7),
                        new Metric().name("Node Control/Rebirth").datatype(11).booleanValue(false),
                        new Metric().name("empty").datatype(10).nullValue(),
                        born("passing", 3, 1).transientMetric(),
                        born("kept", 4, 2)));

        assertThat(fixture.samples()).containsExactly("edge-1 kept=2.0");
        assertThat(fixture.refusals()).isEmpty();
        assertThat(fixture.notes).contains(Note.NULL_VALUE, Note.TRANSIENT);
    }

    @Test
    void givenMetricsOfEveryUnsupportedKind_whenTheyComeWithAGoodOne_thenItAloneIsKept() {
        byte[] inner = {1};
        Metric[] metrics = {
            born("good", 1, 1),
            new Metric().name("set").datatype(16).with(out -> out.writeByteArray(17, new byte[0])),
            new Metric().name("bytes").datatype(17).with(out -> out.writeByteArray(16, inner)),
            new Metric().name("file").datatype(18).with(out -> out.writeByteArray(16, inner)),
            new Metric().name("template").datatype(19).with(out -> out.writeByteArray(18, new byte[0])),
            new Metric().name("array").datatype(22).with(out -> out.writeByteArray(16, inner)),
            new Metric().name("later").datatype(99).intValue(1),
            new Metric().name("untyped").intValue(1)
        };

        fixture.send("NBIRTH", payload(fixture.nowMillis, 0, metrics));

        assertThat(fixture.samples()).containsExactly("edge-1 good=1.0");
        assertThat(fixture.reasons()).hasSize(7).containsOnly("SPARKPLUG");
        assertThat(fixture.refusals())
                .map(Refusal::pointer)
                .containsExactly(
                        "/metrics/1",
                        "/metrics/2",
                        "/metrics/3",
                        "/metrics/4",
                        "/metrics/5",
                        "/metrics/6",
                        "/metrics/7");
    }

    @Test
    void givenTimes_whenMetricsHaveTheirOwnOrNone_thenEachInstantIsAReading() {
        long sent = fixture.nowMillis - 1_000;
        fixture.send(
                "NBIRTH",
                payload(
                        sent,
                        0,
                        born("a", 1, 1),
                        born("b", 2, 2).time(sent - 5_000),
                        born("c", 3, 3).time(sent - 5_000).historical()));

        List<Reading> readings = fixture.judged.getFirst().outcome().readings();
        assertThat(readings).map(Reading::timeMicros).containsExactly(sent * 1_000, (sent - 5_000) * 1_000);
        assertThat(readings.getLast().samples()).hasSize(2);
        assertThat(readings).allSatisfy(reading -> assertThat(reading.flags()).isEmpty());
    }

    @Test
    void givenNoTimeAtAll_whenItComes_thenTheTimeOfReceiptCounts() {
        fixture.send("NBIRTH", payload(null, 0, born("a", 1, 1), born("b", 2, 2).historical()));

        Reading reading = fixture.judged.getFirst().outcome().readings().getFirst();
        assertThat(reading.timeMicros()).isEqualTo(fixture.nowMillis * 1_000);
        assertThat(reading.flags()).containsExactly(ReadingFlag.TS_SERVER);
        assertThat(fixture.reasons()).as("history needs a time of its own").containsExactly("BAD_TS");
    }

    @Test
    void givenTimesThatNobodyCanMean_whenTheyCome_thenTheMetricsAreRefused() {
        long now = fixture.nowMillis;
        fixture.send(
                "NBIRTH",
                payload(
                        now,
                        0,
                        born("seconds", 1, 1).time(now / 1_000),
                        born("future", 2, 1).time(now + 600_000),
                        born("old", 3, 1).time(now - Duration.ofDays(31).toMillis()),
                        born("huge", 4, 1).time(-1),
                        born("good", 5, 1).time(now)));

        assertThat(fixture.samples()).containsExactly("edge-1 good=1.0");
        assertThat(fixture.reasons()).containsExactly("TS_RANGE", "FUTURE_TS", "TOO_OLD", "TS_RANGE");
    }

    @Test
    void givenAMetricTwice_whenTheTimesDiffer_thenBothAreKeptAndARepetitionIsNot() {
        long now = fixture.nowMillis;
        fixture.nodeBirth(7, 0);

        fixture.send(
                "NDATA",
                payload(
                        now,
                        1,
                        data(1, 1).time(now - 1),
                        data(1, 2).time(now),
                        data(1, 3).time(now)));

        assertThat(fixture.samples()).endsWith("edge-1 Inputs.A=1.0", "edge-1 Inputs.A=2.0");
        assertThat(fixture.reasons()).containsExactly("DUPLICATE_KEY");
    }

    @Test
    void givenBadQuality_whenItComes_thenTheMetricIsRefused() {
        fixture.nodeBirth(7, 0);

        fixture.send("NDATA", payload(fixture.nowMillis, 1, data(1, 3).quality(500)));
        fixture.send("NDATA", payload(fixture.nowMillis, 2, data(1, 4).quality(192)));

        assertThat(fixture.samples()).endsWith("edge-1 Inputs.A=4.0");
        assertThat(fixture.reasons()).containsExactly("SPARKPLUG");
    }

    @Test
    void givenAnotherTypeThanAtBirth_whenDataNamesIt_thenTheMetricIsRefused() {
        fixture.nodeBirth(7, 0);

        fixture.send(
                "NDATA",
                payload(fixture.nowMillis, 1, new Metric().alias(1).datatype(12).stringValue("on")));
        fixture.send(
                "NDATA", payload(fixture.nowMillis, 2, new Metric().alias(1).stringValue("on")));

        assertThat(fixture.reasons()).containsExactly("SPARKPLUG", "TYPE");
    }

    @Test
    void givenAHugeLength_whenItIsOnlyDeclared_thenTheMessageIsRefused() {
        byte[] huge = Payloads.message(out -> {
            out.writeTag(2, 2);
            out.writeUInt32NoTag(Integer.MAX_VALUE);
        });
        byte[] negative = Payloads.message(out -> {
            out.writeTag(2, 2);
            out.writeUInt32NoTag(-1);
        });

        fixture.send("NDATA", huge);
        fixture.send("NDATA", negative);

        assertThat(fixture.reasons()).containsExactly("SPARKPLUG", "SPARKPLUG");
    }

    @Test
    void givenUnknownFields_whenTheyCome_thenTheyArePassedOver() {
        fixture.nodeBirth(7, 0);
        byte[] metric = Payloads.message(out -> {
            out.writeString(20, "later");
            out.writeUInt64(2, 1);
            out.writeFixed64(999, 1);
            out.writeDouble(13, 9);
        });

        fixture.send("NDATA", Payloads.message(out -> {
            out.writeFixed32(77, 7);
            out.writeUInt64(1, fixture.nowMillis);
            out.writeByteArray(2, metric);
            out.writeUInt64(3, 1);
            out.writeString(4, "uuid");
        }));

        assertThat(fixture.samples()).endsWith("edge-1 Inputs.A=9.0");
        assertThat(fixture.refusals()).isEmpty();
    }

    @Test
    void givenMessagesThatAreNone_whenTheyCome_thenEachHasItsReason() {
        fixture.send("NDATA", new byte[0]);
        fixture.send("NDATA", new byte[300_000]);
        fixture.send("NDATA", Payloads.message(out -> out.writeTag(9, 3)));
        fixture.send("NDATA", payload(1L, 256));
        fixture.send("NDATA", payload(1L, 1, metrics(21)));
        fixture.sendTo("spBv1.0/Nobody/NDATA/x", payload(1L, 1));
        fixture.sendTo("spBv1.0/Plant/NDATA/x/y", payload(1L, 1));
        fixture.sendTo("spBv1.0/Plant/DDATA/x", payload(1L, 1));
        fixture.sendTo("spBv1.0/Plant/XDATA/x", payload(1L, 1));
        fixture.sendTo("spAv1.0/Plant/NDATA/x", payload(1L, 1));
        fixture.sendTo("spBv1.0/Plant/NDATA/" + "x".repeat(65), payload(1L, 1));
        fixture.sendTo("spBv1.0/Plant/NDATA/°°", payload(1L, 1));

        assertThat(fixture.reasons())
                .containsExactly(
                        "EMPTY",
                        "TOO_LARGE",
                        "SPARKPLUG",
                        "BAD_SEQ",
                        "TOO_MANY",
                        "TOPIC",
                        "TOPIC",
                        "TOPIC",
                        "TOPIC",
                        "TOPIC",
                        "TOPIC",
                        "TOPIC");
        assertThat(fixture.asked).isEmpty();
    }

    private static Metric[] metrics(int count) {
        Metric[] metrics = new Metric[count];
        Arrays.setAll(metrics, i -> data(i, i));
        return metrics;
    }

    @Test
    void givenACommandOfAnotherHost_whenItComes_thenItIsPassedOver() {
        fixture.send(
                "NCMD",
                payload(1L, null, new Metric().name("Node Control/Rebirth").booleanValue(true)));

        assertThat(fixture.judged).singleElement().satisfies(each -> {
            assertThat(each.outcome().isClean()).isTrue();
            assertThat(each.outcome().readings()).isEmpty();
        });
    }

    @Test
    void givenTwoNamesOfOneId_whenBothCome_thenTheFirstKeepsIt() {
        fixture.nodeBirth(7, 0);

        fixture.sendTo("spBv1.0/Plant/NBIRTH/edge 1", payload(fixture.nowMillis, 0, born("a", 1, 1)));
        fixture.sendTo("spBv1.0/Other/NBIRTH/edge 1", payload(fixture.nowMillis, 0, born("a", 1, 2)));

        assertThat(fixture.refusals())
                .singleElement()
                .satisfies(refusal ->
                        assertThat(refusal.detail()).isEqualTo("the device id edge-1 is already that of Plant/Edge 1"));
        assertThat(fixture.judged.getLast().outcome().device()).isEqualTo(DeviceKey.of("umbrella", "edge-1"));
    }

    @Test
    void givenTwoMetricNamesThatBecomeOne_whenTheyAreBorn_thenOnlyTheUnchangedOneIsKept() {
        fixture.send(
                "NBIRTH",
                payload(
                        fixture.nowMillis,
                        0,
                        born("a/b", 1, 1),
                        born("a.b", 2, 2),
                        born("c d", 3, 3),
                        born("c_d/", 4, 4),
                        born("c?d", 5, 5)));

        assertThat(fixture.samples()).containsExactly("edge-1 a.b=2.0", "edge-1 c_d.=4.0");
        assertThat(fixture.reasons()).hasSize(3).containsOnly("METRIC_NAME");
    }

    @Test
    void givenADuplicateMessage_whenItComes_thenItsReadingsAreTheSameAndNoGapIsSeen() {
        fixture.nodeBirth(7, 0);
        byte[] message = payload(fixture.nowMillis, 1, data(1, 3));
        fixture.send("NDATA", message);
        fixture.send("NDATA", payload(fixture.nowMillis, 2, data(1, 4).time(fixture.nowMillis + 1)));

        fixture.send("NDATA", message.clone());
        fixture.send("NDATA", payload(fixture.nowMillis, 3, data(1, 5).time(fixture.nowMillis + 2)));
        fixture.pass(Duration.ofMinutes(1));

        assertThat(fixture.asked).isEmpty();
        assertThat(fixture.notes).contains(Note.DUPLICATE).doesNotContain(Note.GAP);
        assertThat(fixture.judged.get(3).outcome().readings())
                .isEqualTo(fixture.judged.get(1).outcome().readings());
    }

    @Test
    void givenAMessageThatABirthHasOvertaken_whenTheBirthsDisagree_thenItIsRefused() {
        fixture.nodeBirth(7, 0);
        byte[] late = payload(fixture.nowMillis, 1, data(1, 3));
        fixture.nowMillis += 1_000;
        fixture.send("NBIRTH", payload(fixture.nowMillis, 0, bdSeq(7), born("Inputs/A", 2, 5), born("Inputs/B", 1, 6)));
        fixture.send("NDATA", payload(fixture.nowMillis, 1, data(1, 7)));

        fixture.send("NDATA", late);

        assertThat(fixture.samples()).endsWith("edge-1 Inputs.B=7.0");
        assertThat(fixture.reasons()).containsExactly("SPARKPLUG");
    }

    @Test
    void givenANodeThatDoesNotHelp_whenItIsAskedAgain_thenEverMoreSeldom() {
        for (int second = 0; second < 600; second++) {
            fixture.send("NDATA", payload(fixture.nowMillis, 1, data(1, second)));
            fixture.pass(Duration.ofSeconds(1));
        }

        assertThat(fixture.asked).as("at 0, 10, 30, 70, 150, 310 s").hasSize(6);
    }

    @Test
    void givenManyNodes_whenAllNeedBirths_thenNoMoreAreAskedASecondThanAllowed() {
        for (int node = 1; node <= 4; node++) {
            fixture.sendTo("spBv1.0/Plant/NDATA/n" + node, payload(fixture.nowMillis, 1, data(1, 1)));
        }
        assertThat(fixture.asked).hasSize(3);

        fixture.pass(Duration.ofSeconds(1));

        assertThat(fixture.asked).hasSize(4).doesNotHaveDuplicates();
    }

    @Test
    void givenMoreThanTheBounds_whenItComes_thenItIsRefusedAndNothingGrows() {
        for (int node = 1; node <= 5; node++) {
            fixture.sendTo("spBv1.0/Plant/NBIRTH/n" + node, payload(fixture.nowMillis, 0, born("a", 1, 1)));
        }
        assertThat(fixture.refusals())
                .singleElement()
                .satisfies(refusal -> assertThat(refusal.detail()).isEqualTo("more edge nodes than 4"));
        for (int device = 1; device <= 4; device++) {
            fixture.sendTo("spBv1.0/Plant/DBIRTH/n1/d" + device, payload(fixture.nowMillis, device, born("a", 1, 1)));
        }
        assertThat(fixture.refusals().getLast().detail()).isEqualTo("more devices of one edge node than 3");
        for (int i = 0; i < 11; i++) {
            fixture.sendTo("spBv1.0/Plant/DDATA/n1/late", payload(fixture.nowMillis, 5 + i, data(1, i)));
        }
        assertThat(fixture.refusals().getLast().detail()).contains("too many messages wait");

        assertThat(fixture.host.held()).isEqualTo(10);
    }

    @Test
    void givenTheBound_whenANodeIsDead_thenItMakesRoomForAnother() {
        for (int node = 1; node <= 4; node++) {
            fixture.sendTo("spBv1.0/Plant/NBIRTH/n" + node, payload(fixture.nowMillis, 0, bdSeq(1)));
        }
        fixture.sendTo("spBv1.0/Plant/NDEATH/n2", payload(null, null, bdSeq(1)));

        fixture.sendTo("spBv1.0/Plant/NBIRTH/n5", payload(fixture.nowMillis, 0, bdSeq(1), born("a", 1, 1)));

        assertThat(fixture.samples()).containsExactly("n5 a=1.0");
        assertThat(fixture.refusals()).isEmpty();
    }

    @Test
    void givenMoreDefinitionsThanTheBound_whenTheyAreBorn_thenTheBirthIsRefused() {
        Metric[] many = new Metric[20];
        Arrays.setAll(many, i -> born("m" + i, i, i));
        for (int device = 1; device <= 2; device++) {
            for (int node = 1; node <= 2; node++) {
                fixture.sendTo("spBv1.0/Plant/NBIRTH/n" + node, payload(fixture.nowMillis, 0, many));
                fixture.sendTo("spBv1.0/Plant/DBIRTH/n" + node + "/d" + device, payload(fixture.nowMillis, 1, many));
            }
        }
        fixture.sendTo("spBv1.0/Plant/NBIRTH/n3", payload(fixture.nowMillis, 0, many));
        fixture.sendTo("spBv1.0/Plant/NBIRTH/n4", payload(fixture.nowMillis, 0, many));

        assertThat(fixture.refusals())
                .singleElement()
                .satisfies(refusal -> assertThat(refusal.detail())
                        .isEqualTo("more metrics than there is room for, of this edge node or of all"));
    }

    @Test
    void givenALostConnection_whenItStandsAgain_thenWhoWasThereIsAskedAndWhoIsSilentIsOffline() {
        fixture.nodeBirth(7, 0);
        fixture.deviceBirth(1);
        fixture.sendTo("spBv1.0/Plant/NBIRTH/n2", payload(fixture.nowMillis, 0, bdSeq(1)));
        fixture.sendTo("spBv1.0/Plant/NDATA/n3", payload(fixture.nowMillis, 0, data(1, 1)));
        fixture.asked.clear();

        fixture.done(fixture.host.disconnected("gone"));
        assertThat(fixture.reasons()).as("what waited").containsExactly("SPARKPLUG");
        fixture.done(fixture.host.connected(fixture.nowMillis * 1_000));
        assertThat(fixture.asked).containsExactly(NODE, new NodeId("Plant", "n2"));
        fixture.sendTo("spBv1.0/Plant/NBIRTH/n2", payload(fixture.nowMillis, 0, bdSeq(1)));
        fixture.pass(Duration.ofSeconds(30));

        assertThat(fixture.comings())
                .containsExactly(
                        "edge-1+NBIRTH", "edge-1_pump+DBIRTH", "n2+NBIRTH", "edge-1-no birth", "edge-1_pump-no birth");
    }
}
