package dev.heliograph.ingest.funnel;

/** Heliograph's own layout: the content type says what the payload is; without one it is JSON or CBOR. */
final class StandardCodec implements PayloadCodec {
    private static final DocumentCodec READINGS = new DocumentCodec("readings", new ReadingShape("metrics"), false);
    private static final SenmlCodec SENML = new SenmlCodec();
    private static final LineCodec LINES = new LineCodec();

    @Override
    public String name() {
        return Codecs.STANDARD;
    }

    @Override
    public boolean reads(MediaType declared) {
        return READINGS.reads(declared) || SENML.reads(declared) || LINES.reads(declared);
    }

    @Override
    public Outcome decode(Decoding in) {
        MediaType declared = in.contentType();
        if (declared == null || READINGS.reads(declared)) {
            return READINGS.decode(in);
        }
        if (declared.is(MediaType.TEXT)) {
            // On the topic of a metric a text is the bare value; line protocol names its metrics itself.
            return in.metric() == null ? LINES.decode(in) : READINGS.decode(in);
        }
        return SENML.decode(in);
    }
}
