package dev.heliograph.ingest.funnel;

/** SenML in JSON or CBOR. */
final class SenmlCodec implements PayloadCodec {
    private static final Shape PACK = new SenmlShape();

    @Override
    public String name() {
        return Codecs.SENML;
    }

    @Override
    public boolean reads(MediaType declared) {
        boolean json = declared.is(MediaType.SENML_JSON) || declared.is(MediaType.JSON);
        return json && declared.isUtf8() || declared.is(MediaType.SENML_CBOR) || declared.is(MediaType.CBOR);
    }

    @Override
    public Outcome decode(Decoding in) {
        MediaType declared = in.contentType();
        boolean binary = declared == null
                ? DocumentCodec.isBinary(in.message().payload())
                : declared.is(MediaType.SENML_CBOR) || declared.is(MediaType.CBOR);
        return binary ? DocumentCodec.cbor(in, PACK, SenmlShape::label) : DocumentCodec.json(in, PACK);
    }
}
