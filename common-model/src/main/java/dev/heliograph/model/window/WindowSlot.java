package dev.heliograph.model.window;

import java.util.ArrayList;
import java.util.List;

/** One of the windows that lie in a minute: its size and where in the minute it starts. */
record WindowSlot(WindowSize size, long startOffset) {
    /** All windows of a minute, shortest first, in the order of time. */
    static WindowSlot[] allOfAMinute() {
        List<WindowSlot> slots = new ArrayList<>();
        for (WindowSize size : WindowSize.ALL) {
            if (size.micros() > WindowSize.ONE_MINUTE.micros()) {
                continue;
            }
            for (long offset = 0; offset < WindowSize.ONE_MINUTE.micros(); offset += size.micros()) {
                slots.add(new WindowSlot(size, offset));
            }
        }
        return slots.toArray(WindowSlot[]::new);
    }

    long endOffset() {
        return startOffset + size.micros();
    }

    boolean holds(long offset) {
        return offset >= startOffset && offset < endOffset();
    }
}
