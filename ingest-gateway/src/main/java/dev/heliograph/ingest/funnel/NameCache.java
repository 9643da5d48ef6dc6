package dev.heliograph.ingest.funnel;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Names of members by their bytes: a fleet sends the same few names all the time, and sharing spares a text for every
 * sample. Bounded; a name that meets another's place takes it. Thread-safe.
 */
final class NameCache {
    private static final int SIZE = 1_024;
    private static final int MAX_LENGTH = 64;
    private static final AtomicReferenceArray<Entry> ENTRIES = new AtomicReferenceArray<>(SIZE);

    private NameCache() {}

    @SuppressWarnings("ArrayRecordComponent") // Never handed out.
    private record Entry(byte[] bytes, String text) {}

    /** The text of a slice of well-formed UTF-8. */
    static String text(byte[] in, int from, int length) {
        if (length > MAX_LENGTH) {
            return new String(in, from, length, StandardCharsets.UTF_8);
        }
        int hash = 1;
        for (int i = from; i < from + length; i++) {
            hash = 31 * hash + in[i];
        }
        int place = (hash ^ hash >>> 16) & (SIZE - 1);
        Entry known = ENTRIES.getPlain(place);
        if (known != null && Arrays.equals(known.bytes, 0, known.bytes.length, in, from, from + length)) {
            return known.text;
        }
        String text = new String(in, from, length, StandardCharsets.UTF_8);
        ENTRIES.setRelease(place, new Entry(Arrays.copyOfRange(in, from, from + length), text));
        return text;
    }
}
