package dev.heliograph.ingest.funnel;

/**
 * Turns the bytes of a message into readings and refusals. The seam for formats: a mapping names its codec, and
 * {@link Codecs} holds them by name.
 *
 * <p>An implementation is thread-safe, waits for nothing, throws nothing on any input but {@link Rejected}, takes time and
 * memory linear in the length of the payload, and never allocates by a length that the payload only declares. It makes its
 * readings by a {@link ReadingBuilder}, which keeps the rules that are the same for all: names, times, texts, numbers.
 */
public interface PayloadCodec {
    /** Its name in the mapping table. */
    String name();

    /** Whether a message that declares this content type can be meant for this codec. */
    boolean reads(MediaType declared);

    /**
     * Whether the payload itself, or the topic by rules of the codec's own, names the devices. Such a codec is also asked
     * where no device is known by connection or topic; {@link Decoding#sender} is then null.
     */
    default boolean namesDevices() {
        return false;
    }

    /**
     * Reads one message. The payload has at least one byte and at most as many as the limits admit; nothing else about it
     * has been checked.
     *
     * @throws Rejected if the message is refused whole
     */
    Outcome decode(Decoding in);
}
