package dev.heliograph.simulator.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heliograph.model.id.DeviceId;
import dev.heliograph.model.id.MetricName;
import dev.heliograph.model.reading.Sample;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CsvRecordingTest {
    private static final Path OFFICE = Path.of("../../shared/data/office-sensors.csv");

    @Test
    void givenColumnsInAnyOrder_whenRead_thenEachCellHasItsKindAndEmptyOnesAreNoSamples() throws IOException {
        Recording recording = read("""
                temperature,time,door,device,on,stage
                21.5,2026-11-23T07:00:10Z,"open, ""wide""\",room-1,true,stage-2
                ,2026-11-23T08:00:00+01:00,,room-1,false,
                -1e1,1795417200500,x,room-2,,
                """);

        assertThat(recording.problems()).isEmpty();
        assertThat(recording.rows()).isEqualTo(3);
        assertThat(recording.devices().get(new DeviceId("room-1")))
                .extracting(Recording.Row::timeMillis)
                .containsExactly(1_795_417_200_000L, 1_795_417_210_000L);
        assertThat(recording.devices().get(new DeviceId("room-1")).getLast().samples())
                .containsExactly(
                        new Sample.Measurement(new MetricName("temperature"), 21.5),
                        new Sample.State(new MetricName("door"), "open, \"wide\""),
                        new Sample.Flag(new MetricName("on"), true),
                        new Sample.State(new MetricName("stage"), "stage-2"));
        assertThat(recording.devices().get(new DeviceId("room-2")).getFirst().samples())
                .contains(new Sample.Measurement(new MetricName("temperature"), -10));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "room-1,2026-11-23T07:00:00Z            | has 2 cells, the header has 3",
                "room-1,2026-11-23T07:00:00Z,1,2        | has 4 cells, the header has 3",
                "Room 1,2026-11-23T07:00:00Z,1          | device id must match",
                "room-1,yesterday,1                     | time must be RFC 3339",
                "room-1,,1                              | time must be RFC 3339",
                "room-1,99999999999999999999,1          | time must be RFC 3339",
                "room-1,2026-11-23T07:00:00Z,           | has no metric",
                "room-1,2026-11-23T07:00:00Z,NaN        | must be finite",
                "room-1,2026-11-23T07:00:00Z,1e999      | must be finite",
                "room-1,2026-11-23T07:00:00Z,\"open      | a quote is not closed",
            })
    void givenBadLine_whenRead_thenItIsLeftOutAndReportedWithItsNumber(String line, String reason) throws IOException {
        Recording recording = read("device,time,t\nroom-1,2026-11-23T07:00:00Z,1\n\n" + line.strip() + "\n");

        assertThat(recording.rows()).isEqualTo(1);
        assertThat(recording.badLines()).isEqualTo(1);
        assertThat(recording.problems())
                .singleElement()
                .asString()
                .startsWith("line 4: ")
                .contains(reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "device,t\n", "time,t\n", "device,time,a,a\n", "device,time,1a\n", "device,time,t\n"})
    void givenUnusableFile_whenRead_thenItIsRefused(String text) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void givenMoreReadingsThanTheLimit_whenRead_thenItIsRefused() {
        String text = "device,time,t\nroom-1,1,1\nroom-1,2,1\n";

        assertThatThrownBy(() -> CsvRecording.read(new StringReader(text), 1)).hasMessageContaining("more than 1");
    }

    @Test
    void givenOfficeRecording_whenRead_thenAllOfItIsGood() throws IOException {
        Assumptions.assumeTrue(Files.isReadable(OFFICE), "the office recording is not beside the repository");

        Recording recording;
        try (Reader file = Files.newBufferedReader(OFFICE)) {
            recording = CsvRecording.read(file, ReplaySettings.DEFAULT_ROW_LIMIT);
        }

        assertThat(recording.badLines()).isZero();
        assertThat(recording.rows()).isEqualTo(20_560);
        assertThat(recording.devices()).hasSize(3);
        assertThat(recording.endingEarly(Duration.ofDays(1)))
                .containsExactly(new DeviceId("office-a"), new DeviceId("office-b"));
        assertThat(recording.medianInterval(new DeviceId("office-a"))).contains(Duration.ofMinutes(1));
    }

    @Test
    void givenUnevenDistances_whenThePaceIsAsked_thenItIsTheMiddleOneAndOneReadingHasNone() throws IOException {
        Recording recording = read("device,time,t\nroom-1,0,1\nroom-1,1000,1\nroom-1,1000,2\nroom-1,61000,1\n"
                + "room-1,121000,1\nroom-2,5,1\n");

        assertThat(recording.medianInterval(new DeviceId("room-1"))).contains(Duration.ofMinutes(1));
        assertThat(recording.medianInterval(new DeviceId("room-2"))).isEmpty();
    }

    private static Recording read(String text) throws IOException {
        return CsvRecording.read(new StringReader(text), 1_000);
    }
}
