package dev.heliograph.model.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a past version wrote to a topic must be read for ever: a change here is a new version, not an edit. */
class GoldenWireFormatTest {
    static Stream<Arguments> formats() {
        return Stream.of(
                arguments("reading", (UnaryOperator<byte[]>) bytes -> ReadingCodec.encode(ReadingCodec.decode(bytes))),
                arguments("reading-units", (UnaryOperator<byte[]>)
                        bytes -> ReadingCodec.encode(ReadingCodec.decode(bytes))),
                arguments("reading-backfill", (UnaryOperator<byte[]>)
                        bytes -> ReadingCodec.encode(ReadingCodec.decode(bytes))),
                arguments("window", roundTrip(WindowRecord.CODEC)),
                arguments("window-sketch", roundTrip(WindowRecord.CODEC)),
                arguments("window-revision", roundTrip(WindowRevisionRecord.CODEC)),
                arguments("window-revision-many", roundTrip(WindowRevisionRecord.CODEC)),
                arguments("correction", roundTrip(CorrectionRecord.CODEC)),
                arguments("presence", roundTrip(PresenceRecord.CODEC)),
                arguments("presence-silent-metrics", roundTrip(PresenceRecord.CODEC)),
                arguments("session", roundTrip(SessionRecord.CODEC)),
                arguments("session-since", roundTrip(SessionRecord.CODEC)),
                arguments("alert-transition", roundTrip(AlertTransitionRecord.CODEC)),
                arguments("quarantine", roundTrip(QuarantineRecord.CODEC)),
                arguments("quarantine-typed", roundTrip(QuarantineRecord.CODEC)),
                arguments("quarantine-backfill", roundTrip(QuarantineRecord.CODEC)),
                arguments("ledger-claim", roundTrip(LedgerClaimRecord.CODEC)),
                arguments("device", roundTrip(DeviceRecord.CODEC)),
                arguments("device-may-backfill", roundTrip(DeviceRecord.CODEC)),
                arguments("rule-threshold", roundTrip(RuleRecord.CODEC)),
                arguments("rule-absence", roundTrip(RuleRecord.CODEC)),
                arguments("rule-absence-of-metric", roundTrip(RuleRecord.CODEC)),
                arguments("service-status", roundTrip(ServiceStatusRecord.CODEC)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("formats")
    void givenGoldenFile_whenReadAndWritten_thenBytesAreTheSame(String name, UnaryOperator<byte[]> roundTrip) {
        String golden = golden(name);

        assertThat(text(roundTrip.apply(bytes(golden)))).isEqualTo(golden);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("formats")
    void givenUnknownField_whenRead_thenItIsIgnored(String name, UnaryOperator<byte[]> roundTrip) {
        String golden = golden(name);
        String newer = golden.replace("\"v\":1,", "\"v\":1,\"addedLater\":{\"deep\":[1,{}]},");

        assertThat(text(roundTrip.apply(bytes(newer)))).isEqualTo(golden);
    }

    @Test
    void givenAFlagOfANewerGateway_whenRead_thenItAloneIsPassedOver() {
        byte[] newer = bytes(golden("reading").replace("[\"TS_SERVER\"", "[\"ADDED_LATER\",\"TS_SERVER\""));

        assertThat(ReadingCodec.decode(newer)).isEqualTo(ReadingCodec.decode(bytes(golden("reading"))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("formats")
    void givenUnknownVersion_whenRead_thenItIsRefused(String name, UnaryOperator<byte[]> roundTrip) {
        byte[] future = bytes(golden(name).replace("\"v\":1", "\"v\":2"));

        assertThatThrownBy(() -> roundTrip.apply(future))
                .isInstanceOfSatisfying(
                        WireFormatException.class,
                        refused -> assertThat(refused.isOfUnknownVersion()).isTrue())
                .hasMessageContaining("version");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("formats")
    void givenUnknownVersionWithOtherTypes_whenRead_thenTheVersionIsWhatIsSaid(
            String name, UnaryOperator<byte[]> roundTrip) {
        byte[] future = bytes(golden(name)
                .replace("\"v\":1", "\"v\":2")
                .replaceAll("\"(tenant|service|source)\":\"[^\"]*\"", "\"$1\":{\"id\":[7]}"));

        assertThatThrownBy(() -> roundTrip.apply(future))
                .isInstanceOfSatisfying(
                        WireFormatException.class,
                        refused -> assertThat(refused.isOfUnknownVersion()).isTrue());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("formats")
    void givenNoVersion_whenRead_thenItIsRubbishAndNoNewerBuild(String name, UnaryOperator<byte[]> roundTrip) {
        byte[] without = bytes(golden(name).replaceFirst("\"v\":1,", ""));

        assertThatThrownBy(() -> roundTrip.apply(without))
                .isInstanceOfSatisfying(
                        WireFormatException.class,
                        refused -> assertThat(refused.isOfUnknownVersion()).isFalse());
    }

    @Test
    void givenTheDirectoryOfGoldenFiles_whenListed_thenEachIsRead() throws IOException, URISyntaxException {
        URL directory = Objects.requireNonNull(GoldenWireFormatTest.class.getResource("/wire/v1/"));

        try (Stream<Path> files = Files.list(Path.of(directory.toURI()))) {
            assertThat(files.map(file -> file.getFileName().toString().replace(".json", "")))
                    .containsExactlyInAnyOrderElementsOf(
                            formats().map(format -> (String) format.get()[0]).toList());
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("formats")
    void givenAnyPrefix_whenRead_thenItIsRefusedByValue(String name, UnaryOperator<byte[]> roundTrip) {
        String golden = golden(name);
        for (int length = 0; length < golden.length(); length++) {
            byte[] cut = bytes(golden.substring(0, length));

            assertThatThrownBy(() -> roundTrip.apply(cut)).isInstanceOf(WireFormatException.class);
        }
    }

    private static <T extends Record> UnaryOperator<byte[]> roundTrip(WireCodec<T> codec) {
        return bytes -> codec.encode(codec.decode(bytes));
    }

    private static String golden(String name) {
        String path = "/wire/v1/" + name + ".json";
        try (InputStream in = GoldenWireFormatTest.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalStateException("no resource " + path);
            }
            return text(in.readAllBytes()).strip();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
