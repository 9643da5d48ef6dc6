package dev.heliograph.writer.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heliograph.writer.plan.SeriesChange.Window;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SeriesChangeTest {
    private static final int MOST = 5;
    private static final long HOUR = WindowSize.ONE_HOUR.micros();
    private static final long MINUTE = WindowSize.ONE_MINUTE.micros();

    /** A window of a series. */
    private record Changed(int series, Window window) {}

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void givenRandomWindows_whenToldAsChanges_thenEachIsCoveredAndNothingIsToldThatDidNotChange(long seed) {
        Random random = new Random(seed);
        int named = 0;
        int left = 0;
        for (int round = 0; round < 300; round++) {
            Set<Changed> changed = windows(random);
            ChangedWindows windows = new ChangedWindows();
            changed.forEach(one ->
                    windows.add(one.series(), one.window().size(), one.window().start()));

            List<SeriesChange> changes = windows.changes(MOST);

            for (Changed one : changed) {
                assertThat(changes)
                        .anyMatch(change -> change.seriesId() == one.series()
                                && change.from() < one.window().end()
                                && change.to() > one.window().start()
                                && (change.windows() == null || change.windows().contains(one.window())));
            }
            for (SeriesChange change : changes) {
                List<Window> told = change.windows();
                if (told == null) {
                    left++;
                } else {
                    named++;
                    assertThat(told).hasSizeLessThanOrEqualTo(MOST).doesNotHaveDuplicates();
                    told.forEach(window -> assertThat(changed).contains(new Changed(change.seriesId(), window)));
                }
                // A range begins and ends with a smallest window that changed.
                assertThat(smallest(changed, change.seriesId())).anyMatch(window -> window.start() == change.from());
                assertThat(smallest(changed, change.seriesId())).anyMatch(window -> window.end() == change.to());
            }
            assertThat(changes.stream()
                            .collect(Collectors.groupingBy(SeriesChange::seriesId))
                            .values())
                    .allSatisfy(own -> {
                        assertThat(own).hasSizeLessThanOrEqualTo(SeriesChange.MOST_RANGES);
                        for (int i = 1; i < own.size(); i++) {
                            assertThat(own.get(i).from() - own.get(i - 1).to()).isGreaterThan(SeriesChange.NEAR_MICROS);
                        }
                    });
        }
        assertThat(named).isPositive();
        assertThat(left).isPositive();
    }

    @Test
    void givenAYearOfWindows_whenTold_thenItIsOneRange() {
        ChangedWindows windows = new ChangedWindows();
        for (int hour = 0; hour < 365 * 24; hour++) {
            windows.add(7, WindowSize.ONE_HOUR, hour * HOUR);
        }

        assertThat(windows.changes(20)).containsExactly(new SeriesChange(7, 0, 365 * 24 * HOUR, null));
    }

    @Test
    void givenOneLateReading_whenItsWindowsOfAllSizesChange_thenTheRangeIsTheSmallest() {
        ChangedWindows windows = new ChangedWindows();
        long ten = WindowSize.TEN_SECONDS.micros();
        windows.add(1, WindowSize.ONE_HOUR, 0);
        windows.add(1, WindowSize.TEN_SECONDS, 12 * MINUTE + ten);
        windows.add(1, WindowSize.ONE_MINUTE, 12 * MINUTE);

        assertThat(windows.changes(20))
                .containsExactly(new SeriesChange(
                        1,
                        12 * MINUTE + ten,
                        12 * MINUTE + 2 * ten,
                        List.of(
                                new Window(WindowSize.TEN_SECONDS, 12 * MINUTE + ten),
                                new Window(WindowSize.ONE_MINUTE, 12 * MINUTE),
                                new Window(WindowSize.ONE_HOUR, 0))));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void givenWindows_whenKeptAsText_thenTheyComeBack(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 100; round++) {
            List<Window> windows =
                    windows(random).stream().map(Changed::window).distinct().toList();
            SeriesChange change = new SeriesChange(1, 0, 1, windows);

            assertThat(SeriesChange.windowsOf(change.windowsText())).isEqualTo(windows);
        }
        assertThat(SeriesChange.windowsOf(new SeriesChange(1, 0, 1, null).windowsText()))
                .isNull();
        for (String broken : List.of("10s", "5s/0", "10s/x", "10s/0  10s/1")) {
            assertThatThrownBy(() -> SeriesChange.windowsOf(broken)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static List<Window> smallest(Set<Changed> changed, int series) {
        List<Window> own = new ArrayList<>();
        changed.stream().filter(one -> one.series() == series).forEach(one -> own.add(one.window()));
        return own.stream()
                .filter(window -> own.stream()
                        .noneMatch(
                                other -> other.size().micros() < window.size().micros()
                                        && other.start() >= window.start()
                                        && other.end() <= window.end()))
                .toList();
    }

    private static Set<Changed> windows(Random random) {
        Set<Changed> windows = new HashSet<>();
        long span = random.nextBoolean() ? 3 * HOUR : 400 * HOUR;
        for (int i = random.nextInt(30); i > 0; i--) {
            WindowSize size = WindowSize.values()[random.nextInt(WindowSize.values().length)];
            windows.add(new Changed(random.nextInt(3), new Window(size, size.startOf(random.nextLong(span)))));
        }
        return windows;
    }
}
