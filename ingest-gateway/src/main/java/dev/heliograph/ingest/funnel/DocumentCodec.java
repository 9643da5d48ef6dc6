package dev.heliograph.ingest.funnel;

import org.jspecify.annotations.Nullable;

/**
 * A shape in JSON or CBOR. The declared content type decides which; without one the first byte does: no text in UTF-8
 * begins with a byte from 0x80 to 0xBF or 0xF9 to 0xFB, and every array, map or float of CBOR does; so does the mark of
 * CBOR (RFC 8949, section 3.4.6).
 */
final class DocumentCodec implements PayloadCodec {
    private final String name;
    private final Shape shape;
    private final boolean namesDevices;

    DocumentCodec(String name, Shape shape, boolean namesDevices) {
        this.name = name;
        this.shape = shape;
        this.namesDevices = namesDevices;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean reads(MediaType declared) {
        return declared.is(MediaType.JSON) && declared.isUtf8() || declared.is(MediaType.CBOR);
    }

    @Override
    public boolean namesDevices() {
        return namesDevices;
    }

    @Override
    public Outcome decode(Decoding in) {
        MediaType declared = in.contentType();
        boolean binary = declared == null ? isBinary(in.message().payload()) : declared.is(MediaType.CBOR);
        return binary ? cbor(in, shape, null) : json(in, shape);
    }

    /** Whether the payload begins as no text can. */
    static boolean isBinary(byte[] payload) {
        int first = payload[0] & 0xFF;
        boolean marked =
                first == 0xD9 && payload.length > 2 && (payload[1] & 0xFF) == 0xD9 && (payload[2] & 0xFF) == 0xF7;
        return first >= 0x80 && first <= 0xBF || first >= 0xF9 && first <= 0xFB || marked;
    }

    /** Reads the payload as JSON of this shape. */
    static Outcome json(Decoding in, Shape shape) {
        byte[] payload = in.message().payload();
        if (isBinary(payload) && in.contentType() != null) {
            throw new Rejected(Reason.TYPE_MISMATCH, "declared to be JSON, and begins as CBOR");
        }
        String encodingFault = Utf8.fault(payload);
        if (encodingFault != null) {
            throw new Rejected(Reason.ENCODING, encodingFault);
        }
        try (DocumentReader document = new JsonReader(payload)) {
            return read(document, in, shape);
        }
    }

    /**
     * Reads the payload as CBOR of this shape.
     *
     * @param labels what integer keys stand for, or null
     */
    static Outcome cbor(Decoding in, Shape shape, CborReader.@Nullable Labels labels) {
        byte[] payload = in.message().payload();
        if (in.message().text()) {
            throw new Rejected(Reason.TYPE_MISMATCH, "declared to be text, and is CBOR");
        }
        if (isBraced(payload)) {
            throw new Rejected(Reason.TYPE_MISMATCH, "declared to be CBOR, and is JSON by its ends");
        }
        try (DocumentReader document = new CborReader(payload, labels)) {
            return read(document, in, shape);
        }
    }

    /** Whether the payload is in braces or brackets: in CBOR a string of more bytes than any payload has. */
    private static boolean isBraced(byte[] payload) {
        int last = payload.length - 1;
        while (last > 0 && (payload[last] == ' ' || payload[last] == '\n' || payload[last] == '\r')) {
            last--;
        }
        return payload[0] == '{' && payload[last] == '}' || payload[0] == '[' && payload[last] == ']';
    }

    private static Outcome read(DocumentReader document, Decoding in, Shape shape) {
        if (document.next() == null) {
            throw new Rejected(document.malformed(), "no document");
        }
        ReadingBuilder out = new ReadingBuilder(in);
        int items = shape.read(document, in, out);
        if (document.next() != null) {
            throw new Rejected(document.malformed(), "more than one document");
        }
        return out.outcome(items);
    }
}
