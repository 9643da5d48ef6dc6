package dev.heliograph.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** CPU time of a process and its descendants, from {@code /proc/PID/stat} (proc(5)): fields 14 to 17 in clock ticks of 10 ms. */
record CpuTime(long pid) {
    private static final double SECONDS_PER_TICK = 0.01;

    /** Seconds of user and system time so far, over all cores. */
    double seconds() {
        Stream<Long> descendants = ProcessHandle.of(pid).stream()
                .flatMap(ProcessHandle::descendants)
                .map(ProcessHandle::pid);
        return Stream.concat(Stream.of(pid), descendants)
                .mapToDouble(CpuTime::ownSeconds)
                .sum();
    }

    private static double ownSeconds(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            // The name in parentheses may hold blanks; what follows it starts with field 3.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * SECONDS_PER_TICK;
        } catch (IOException gone) {
            // A child that ended between the listing and the reading has nothing more to add.
            return 0;
        }
    }
}
