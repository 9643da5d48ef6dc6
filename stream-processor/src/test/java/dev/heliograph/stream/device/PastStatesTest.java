package dev.heliograph.stream.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.state.StateFormatException;
import dev.heliograph.model.wire.AlertTransitionRecord;
import dev.heliograph.model.wire.PresenceRecord;
import dev.heliograph.model.wire.Topics;
import dev.heliograph.model.wire.WindowRecord;
import dev.heliograph.stream.StreamCounters;
import dev.heliograph.stream.rules.RuleTable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The state that every past version has kept is read for ever, and can be written again for the versions to which one may go
 * back. The files in {@code /state} are what {@link DeviceStory} left in the stores of the version that brought the format,
 * or in those of the last one before the next; they are added to, never edited.
 */
class PastStatesTest {
    private static final int WITH_METRICS = 3;
    private static final int WITH_HOURS = 2;

    /** Results after the first part of the story, of one run without a break. */
    private static Results unbroken = new Results(List.of(), List.of(), List.of());

    /** What a story told, in the parts that do not depend on when exactly somebody looked. */
    private record Results(List<String> windows, List<String> presence, List<String> transitions) {
        static Results of(DeviceStory story, int version) {
            return new Results(
                    story.results(Topics.WINDOWS).stream()
                            .map(WindowRecord.CODEC::decode)
                            .filter(window -> !window.phase().equals("early"))
                            .filter(window ->
                                    version >= WITH_HOURS || !window.size().equals("1h"))
                            .map(Results::text)
                            .sorted()
                            .toList(),
                    story.results(Topics.PRESENCE).stream()
                            .map(PresenceRecord.CODEC::decode)
                            .filter(presence -> !presence.state().equals(presence.previous()))
                            .map(presence -> text(presence, version))
                            .toList(),
                    story.results(Topics.ALERT_TRANSITIONS).stream()
                            .map(AlertTransitionRecord.CODEC::decode)
                            .map(Object::toString)
                            .toList());
        }

        // Without its place in the log, which begins anew, and the time at which it was told.
        private static String text(WindowRecord window) {
            return String.join(
                    " ",
                    window.metric(),
                    window.size(),
                    String.valueOf(window.start()),
                    window.phase(),
                    String.valueOf(window.rev()),
                    String.valueOf(window.count()),
                    String.valueOf(window.sum()),
                    String.valueOf(window.min()),
                    String.valueOf(window.max()),
                    String.valueOf(window.first()),
                    String.valueOf(window.firstTs()),
                    String.valueOf(window.last()),
                    String.valueOf(window.lastTs()),
                    String.valueOf(window.mean()),
                    String.valueOf(window.m2()),
                    Arrays.toString(window.sketch()));
        }

        private static String text(PresenceRecord presence, int version) {
            return String.join(
                    " ",
                    String.valueOf(presence.previous()),
                    presence.state(),
                    String.valueOf(presence.at()),
                    String.valueOf(presence.lastSeen()),
                    version < WITH_METRICS ? "" : String.valueOf(presence.silentMetrics()));
        }
    }

    @BeforeAll
    static void tellWithoutABreak() {
        try (DeviceStory story = DeviceStory.fromTheBeginning(DevicePolicy.DEFAULT)) {
            story.tellFirstPart();
            if (Boolean.getBoolean("heliograph.golden.update")) {
                write(story.kept());
            }
            Results.of(story, DevicePolicy.STATE_FORMAT);
            story.tellSecondPart();
            unbroken = Results.of(story, DevicePolicy.STATE_FORMAT);
        }
    }

    @Test
    void givenTheStory_whenTold_thenItHasEverythingThatIsKept() {
        assertThat(unbroken.windows()).anyMatch(window -> window.contains(" 1h "));
        assertThat(unbroken.presence()).anyMatch(presence -> presence.contains(" silent "));
        assertThat(unbroken.presence()).anyMatch(presence -> presence.contains("[humidity]"));
        assertThat(unbroken.transitions()).anyMatch(step -> step.contains("from=pending, to=firing"));
        assertThat(unbroken.transitions()).anyMatch(step -> step.contains("from=firing, to=resolved"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void givenStateOfAPastVersion_whenGoneOnFrom_thenResultsAreThoseOfOneRunWithoutABreak(int version) {
        try (DeviceStory story = DeviceStory.goingOnFrom(DevicePolicy.DEFAULT, golden(version))) {
            story.tellSecondPart();

            assertThat(Results.of(story, version)).isEqualTo(only(version, unbroken));
        }
    }

    @Test
    void givenStateWithoutHours_whenGoneOnFrom_thenItsHourIsToBeRepaired() {
        try (DeviceStory story = DeviceStory.goingOnFrom(DevicePolicy.DEFAULT, golden(1))) {
            story.tellSecondPart();

            assertThat(story.results(Topics.WINDOWS).stream()
                            .map(WindowRecord.CODEC::decode)
                            .filter(window -> window.size().equals("1h"))
                            .map(WindowRecord::phase)
                            .distinct())
                    .containsExactly("repair");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5})
    void givenAFormatToWrite_whenTold_thenWhatIsKeptIsWhatThatVersionKept(int version) {
        try (DeviceStory story = DeviceStory.fromTheBeginning(writing(version))) {
            story.tellFirstPart();

            assertThat(story.kept()).isEqualTo(golden(version));
        }
    }

    @Test
    void givenAnOlderFormatToWrite_whenTheNewestWasKept_thenItGoesOnAndIsWrittenInTheOlder() {
        try (DeviceStory story = DeviceStory.goingOnFrom(writing(DevicePolicy.OLDEST_STATE_FORMAT), golden(5))) {
            story.tellSecondPart();

            assertThat(Results.of(story, 5)).isEqualTo(unbroken);
            String device = story.kept().getFirst();
            byte[] bytes = Base64.getDecoder().decode(device.substring(device.lastIndexOf('\t') + 1));
            assertThat(bytes[0]).isEqualTo((byte) DevicePolicy.OLDEST_STATE_FORMAT);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5})
    void givenStateInAnyFormat_whenTheTaskHasBegun_thenItIsSoonInTheFormatThatIsWanted(int wanted) {
        for (int before = 1; before <= DevicePolicy.STATE_FORMAT; before++) {
            MockProcessorContext<String, byte[]> context = contextWith(golden(before));

            processor(writing(wanted)).init(context);
            context.scheduledPunctuators().getFirst().getPunctuator().punctuate(context.currentSystemTimeMs() + 200);

            KeyValueStore<String, byte[]> devices = context.getStateStore(DeviceTopology.DEVICE_STORE);
            assertThat(devices.get("demo/boiler-7")[0]).as("from " + before).isEqualTo((byte) wanted);
        }
    }

    @Test
    void givenStateOfANewerVersion_whenTheTaskBegins_thenItIsRefusedByName() {
        byte[] newer = {(byte) (DevicePolicy.STATE_FORMAT + 1), 7, 7};
        MockProcessorContext<String, byte[]> context = contextWith(List.of(DeviceTopology.DEVICE_STORE
                + "\tdemo/boiler-7\t" + Base64.getEncoder().encodeToString(newer)));

        assertThatThrownBy(() -> processor(DevicePolicy.DEFAULT).init(context))
                .isInstanceOfSatisfying(
                        StateFormatException.class,
                        failure -> assertThat(failure.isNewer()).isTrue())
                .hasMessage(
                        "state of the device demo/boiler-7: version 6 was written by a newer build, this one reads none"
                                + " above 5");
    }

    @Test
    void givenStateCutShort_whenRead_thenNoNewerBuildIsToBlame() {
        byte[] cut = {(byte) DevicePolicy.STATE_FORMAT, 7};
        KeyValueStore<String, byte[]> spans = store(DeviceTopology.MINUTE_STORE);

        assertThatThrownBy(() -> DeviceState.fromBytes(
                        cut,
                        DeviceKey.of("demo", "boiler-7"),
                        DevicePolicy.DEFAULT,
                        StoredSpans.minutes("demo/boiler-7", spans),
                        StoredSpans.hours("demo/boiler-7", spans)))
                .isInstanceOfSatisfying(
                        StateFormatException.class,
                        failure -> assertThat(failure.isNewer()).isFalse());
    }

    private static Results only(int version, Results all) {
        return new Results(
                all.windows().stream()
                        .filter(window -> version >= WITH_HOURS || !window.contains(" 1h "))
                        .toList(),
                all.presence().stream()
                        .map(presence -> version >= WITH_METRICS
                                ? presence
                                : presence.substring(0, presence.lastIndexOf(' ') + 1))
                        .toList(),
                all.transitions());
    }

    private static DevicePolicy writing(int format) {
        DevicePolicy usual = DevicePolicy.DEFAULT;
        return new DevicePolicy(
                usual.windows(),
                usual.presence(),
                usual.presenceRefresh(),
                usual.lag(),
                usual.tick(),
                usual.lookShare(),
                format);
    }

    private static DeviceProcessor processor(DevicePolicy policy) {
        StreamCounters counters = new StreamCounters();
        return new DeviceProcessor(
                policy,
                new RuleTable(counters),
                counters,
                partition -> OptionalLong.of(0),
                ThreadLocal.withInitial(TasksOfThread::new));
    }

    private static MockProcessorContext<String, byte[]> contextWith(List<String> kept) {
        MockProcessorContext<String, byte[]> context = new MockProcessorContext<>();
        context.setCurrentSystemTimeMs(Instant.parse("2026-11-23T12:03:00Z").toEpochMilli());
        for (String name : List.of(
                DeviceTopology.DEVICE_STORE,
                DeviceTopology.MINUTE_STORE,
                DeviceTopology.REGISTRY_STORE,
                DeviceTopology.RULE_STORE)) {
            KeyValueStore<String, byte[]> store = store(name);
            store.init(context.getStateStoreContext(), store);
            context.addStateStore(store);
            kept.stream()
                    .map(line -> line.split("\t", 3))
                    .filter(fields -> fields[0].equals(name))
                    .forEach(fields -> store.put(fields[1], Base64.getDecoder().decode(fields[2])));
        }
        return context;
    }

    private static KeyValueStore<String, byte[]> store(String name) {
        return Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore(name), Serdes.String(), Serdes.ByteArray())
                .withLoggingDisabled()
                .build();
    }

    private static List<String> golden(int version) {
        String path = "/state/device-v" + version + ".tsv";
        try (InputStream in = Objects.requireNonNull(PastStatesTest.class.getResourceAsStream(path), path)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** For a new format only: what is there of one stays as it is. */
    private static void write(List<String> kept) {
        Path file = Path.of("src/test/resources/state/device-v" + DevicePolicy.STATE_FORMAT + ".tsv");
        try {
            Files.createDirectories(file.getParent());
            if (Files.notExists(file)) {
                Files.write(file, kept);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
