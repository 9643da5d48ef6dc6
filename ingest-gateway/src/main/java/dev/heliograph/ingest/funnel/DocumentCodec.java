package dev.heliograph.ingest.funnel;

/**
 * A shape in JSON or CBOR. The declared content type decides which; without one the first byte does: no JSON document
 * begins with a byte above 0x7F, and every array, map or tag of CBOR does.
 */
final class DocumentCodec implements PayloadCodec {
    private static final int SELF_DESCRIBED_END = 0xDB;

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
        return declared.is(MediaType.JSON) && declared.isUtf8();
    }

    @Override
    public boolean namesDevices() {
        return namesDevices;
    }

    @Override
    public Outcome decode(Decoding in) {
        return json(in, shape);
    }

    /** Reads the payload as JSON of this shape. */
    static Outcome json(Decoding in, Shape shape) {
        String encodingFault = Utf8.fault(in.message().payload());
        if (encodingFault != null) {
            throw new Rejected(Reason.ENCODING, encodingFault);
        }
        try (DocumentReader document = new JsonReader(in.message().payload())) {
            return read(document, in, shape);
        }
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
