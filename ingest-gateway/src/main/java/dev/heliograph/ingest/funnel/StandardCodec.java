package dev.heliograph.ingest.funnel;

/** Heliograph's own layout: the content type says what the payload is. */
final class StandardCodec implements PayloadCodec {
    private static final Shape READINGS = new ReadingShape("metrics");

    @Override
    public String name() {
        return Codecs.STANDARD;
    }

    @Override
    public boolean reads(MediaType declared) {
        return declared.is(MediaType.JSON) && declared.isUtf8();
    }

    @Override
    public Outcome decode(Decoding in) {
        return DocumentCodec.json(in, READINGS);
    }
}
