package dev.heliograph.writer.plan;

import dev.heliograph.model.id.DeviceKey;
import java.util.Arrays;

/** The sequence numbers of one device in one batch, in order of arrival. Columns instead of objects: a batch holds thousands. */
public final class SequenceSteps {
    private static final int TYPICAL = 4;

    private final DeviceKey device;
    private int size;
    private long[] numbers = new long[TYPICAL];
    private long[] times = new long[TYPICAL];

    SequenceSteps(DeviceKey device) {
        this.device = device;
    }

    void add(long number, long timeMicros) {
        if (size == numbers.length) {
            numbers = Arrays.copyOf(numbers, size * 2);
            times = Arrays.copyOf(times, size * 2);
        }
        numbers[size] = number;
        times[size] = timeMicros;
        size++;
    }

    public DeviceKey device() {
        return device;
    }

    /** How many numbers. */
    public int size() {
        return size;
    }

    public long number(int at) {
        return numbers[at];
    }

    /** Device time of the reading, µs since the epoch. */
    public long time(int at) {
        return times[at];
    }
}
