package dev.heliograph.query.stream;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whole events, ready to be written, and the fragments they were made of.
 *
 * @param single name of the one event that is made of no fragments; null for others
 * @param id position behind these events; null where they have none
 */
record Frame(
        byte[] bytes,
        List<Fragment> fragments,
        @Nullable String single,
        @Nullable String id) {
    private static final byte[] DATA = ascii("\ndata: [");
    private static final byte[] END = ascii("]\n\n");

    /** Events of the fragments, one event a name in the order of first use; the last carries the position. */
    static Frame of(List<Fragment> fragments, @Nullable String id) {
        Map<String, List<Fragment>> byEvent = new LinkedHashMap<>();
        for (Fragment fragment : fragments) {
            byEvent.computeIfAbsent(fragment.event(), name -> new ArrayList<>()).add(fragment);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int left = byEvent.size();
        for (Map.Entry<String, List<Fragment>> event : byEvent.entrySet()) {
            out.writeBytes(ascii("event: " + event.getKey()));
            if (--left == 0 && id != null) {
                out.writeBytes(ascii("\nid: " + id));
            }
            out.writeBytes(DATA);
            boolean first = true;
            for (Fragment fragment : event.getValue()) {
                if (!first) {
                    out.write(',');
                }
                first = false;
                out.writeBytes(fragment.json());
            }
            out.writeBytes(END);
        }
        return new Frame(out.toByteArray(), List.copyOf(fragments), null, id);
    }

    /** One event whose data is one JSON value on one line. */
    static Frame single(String event, String json, @Nullable String id) {
        String position = id == null ? "" : "\nid: " + id;
        return new Frame(
                ("event: " + event + position + "\ndata: " + json + "\n\n").getBytes(StandardCharsets.UTF_8),
                List.of(),
                event,
                id);
    }

    /** A position alone, without an event. */
    static Frame position(String id) {
        return new Frame(ascii("id: " + id + "\n\n"), List.of(), null, id);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
