package dev.heliograph.ingest.funnel;

import java.nio.charset.StandardCharsets;

/**
 * InfluxDB line protocol: each line a reading, good or bad by itself. The metric is the measurement, the values of its tags
 * in the order of their keys, and the field, joined by dots; the field {@code value} adds nothing, nor do the tags that the
 * mapping ignores. Times are counted in what the parameter {@code precision} of the content type says, else the mapping.
 */
final class LineCodec implements PayloadCodec {
    private static final String PRECISION = "precision";

    @Override
    public String name() {
        return Codecs.LINE_PROTOCOL;
    }

    @Override
    public boolean reads(MediaType declared) {
        return declared.is(MediaType.TEXT) && declared.isUtf8();
    }

    @Override
    public Outcome decode(Decoding in) {
        return read(in);
    }

    static Outcome read(Decoding in) {
        byte[] payload = in.message().payload();
        String fault = Utf8.fault(payload);
        if (fault != null) {
            throw new Rejected(Reason.ENCODING, fault);
        }
        if (payload[0] == '{' || payload[0] == '[') {
            throw new Rejected(Reason.TYPE_MISMATCH, "line protocol is expected, and this begins as JSON");
        }
        ReadingBuilder out = new ReadingBuilder(in);
        LineParser parser = new LineParser(new String(payload, StandardCharsets.UTF_8), in, precision(in), out);
        return out.outcome(parser.lines());
    }

    private static TimePrecision precision(Decoding in) {
        MediaType declared = in.contentType();
        String name = declared == null ? null : declared.parameters().get(PRECISION);
        if (name == null) {
            return in.options().precision();
        }
        TimePrecision precision = TimePrecision.find(name);
        if (precision == null) {
            throw new Rejected(Reason.CONTENT_TYPE, "the precision is ns, us, ms or s");
        }
        return precision;
    }
}
