package dev.heliograph.ingest.funnel;

import dev.heliograph.ingest.funnel.DocumentReader.Token;
import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.id.MetricName;
import dev.heliograph.model.reading.Location;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Heliograph's own shape: one reading or an array of readings; on the topic of a metric a bare value. The published form is
 * {@code docs/api/reading.schema.json}; a test holds both to the same corpus.
 */
final class ReadingShape implements Shape {
    private static final double MAX_SEQUENCE = (1L << 53) - 1;

    private final String samplesMember;

    /** @param samplesMember the member that holds the samples in the long form */
    ReadingShape(String samplesMember) {
        this.samplesMember = samplesMember;
    }

    @Override
    public int read(DocumentReader document, Decoding in, ReadingBuilder out) {
        MetricName metric = in.metric();
        if (metric != null) {
            bare(document, in, metric, out);
            return 1;
        }
        return readings(document, in, in.device(), "", 0, out);
    }

    /**
     * The readings of one device: an object or an array of objects.
     *
     * @param first index of the first of them in the message
     * @return how many there are
     */
    int readings(
            DocumentReader document, Decoding in, DeviceKey device, String pointer, int first, ReadingBuilder out) {
        return switch (document.token()) {
            case START_OBJECT -> {
                new Pass(document, in, device, out).reading(first, pointer);
                yield 1;
            }
            case START_ARRAY -> array(document, in, device, pointer, first, out);
            default -> throw new Rejected(Reason.SHAPE, "neither an object nor an array of objects");
        };
    }

    private static void bare(DocumentReader document, Decoding in, MetricName metric, ReadingBuilder out) {
        if (document.token().isStart()) {
            document.skip();
            throw new Rejected(Reason.SHAPE, "a metric's own topic takes a bare value");
        }
        out.begin(in.device(), 0, "");
        Samples.read(document, metric, null, "", out);
        out.finish();
    }

    private int array(
            DocumentReader document, Decoding in, DeviceKey device, String parent, int first, ReadingBuilder out) {
        int most = in.limits().maxMembers();
        Pass pass = new Pass(document, in, device, out);
        int index = 0;
        for (Token token = document.next(); token != Token.END_ARRAY; token = document.next()) {
            if (first + index == most) {
                throw new Rejected(Reason.TOO_MANY, "more than " + most + " readings");
            }
            String pointer = parent + "/" + index;
            if (token == Token.START_OBJECT) {
                pass.reading(first + index, pointer);
            } else if (token == null) {
                throw new Rejected(document.malformed(), "ends within an array");
            } else {
                document.skip();
                out.refuse(new Refusal(Reason.SHAPE, "not an object", pointer, null, first + index));
            }
            index++;
        }
        if (index == 0) {
            throw new Rejected(Reason.SHAPE, "an empty array");
        }
        return index;
    }

    /** One object after the other. */
    private final class Pass {
        private final DocumentReader document;
        private final Decoding in;
        private final DeviceKey device;
        private final ReadingBuilder out;
        private String pointer = "";

        Pass(DocumentReader document, Decoding in, DeviceKey device, ReadingBuilder out) {
            this.document = document;
            this.in = in;
            this.device = device;
            this.out = out;
        }

        /** One reading; the document stands on the start of its object and will stand on its end. */
        void reading(int index, String newPointer) {
            pointer = newPointer;
            out.begin(device, index, pointer);
            boolean longForm = false;
            int members = 0;
            List<String> besides = List.of();
            for (String name = document.nextName(); name != null; name = document.nextName()) {
                checkMembers(++members);
                document.next();
                if (name.equals(samplesMember)) {
                    longForm = true;
                    besides = out.names();
                    out.discard();
                    samplesObject();
                } else if (longForm && !Identity.isReserved(name)) {
                    besides = besides.isEmpty() ? new ArrayList<>() : besides;
                    besides.add(name);
                    document.skip();
                } else {
                    member(name);
                }
            }
            for (String beside : besides) {
                out.fault(
                        Reason.SHAPE,
                        "a sample beside \"" + samplesMember + "\"",
                        at(beside),
                        MetricNames.find(beside));
            }
            out.finish();
        }

        private void member(String name) {
            switch (name) {
                case "ts" -> time();
                case "seq" -> sequence();
                case "location" -> location();
                default -> {
                    if (Identity.isClaim(name)) {
                        Identity.check(document, name, device, at(name), out);
                    } else {
                        sample(name, pointer);
                    }
                }
            }
        }

        private void samplesObject() {
            if (document.token() != Token.START_OBJECT) {
                out.fail(Reason.SHAPE, "not an object", at(samplesMember));
                document.skip();
                return;
            }
            String parent = at(samplesMember);
            int members = 0;
            for (String name = document.nextName(); name != null; name = document.nextName()) {
                checkMembers(++members);
                document.next();
                sample(name, parent);
            }
        }

        private void sample(String name, String parent) {
            MetricName metric = out.metric(name, parent);
            if (metric == null) {
                document.skip();
            } else {
                Samples.read(document, metric, parent, name, out);
            }
        }

        private void time() {
            OptionalLong micros = DocumentTimes.millisOrText(document);
            document.skip();
            if (micros.isEmpty()) {
                out.fail(Reason.BAD_TS, "neither whole milliseconds nor RFC 3339 with offset", at("ts"));
            } else {
                out.time(micros.getAsLong(), at("ts"));
            }
        }

        private void sequence() {
            double number = document.whole();
            document.skip();
            if (number >= 0 && number <= MAX_SEQUENCE) {
                out.sequence((long) number);
            } else {
                out.fail(Reason.BAD_SEQ, "not a whole number from 0 to 2^53 - 1", at("seq"));
            }
        }

        private void location() {
            String where = at("location");
            if (document.token() != Token.START_OBJECT) {
                document.skip();
                out.fault(Reason.LOCATION, "not an object", where, null);
                return;
            }
            double latitude = Double.NaN;
            double longitude = Double.NaN;
            Double altitude = null;
            boolean wellFormed = true;
            int members = 0;
            for (String name = document.nextName(); name != null; name = document.nextName()) {
                checkMembers(++members);
                document.next();
                double value = coordinate();
                switch (name) {
                    case "lat" -> latitude = value;
                    case "lon" -> longitude = value;
                    case "alt" -> altitude = value;
                    default -> wellFormed = false;
                }
            }
            wellFormed &= latitude >= -90 && latitude <= 90 && longitude >= -180 && longitude <= 180;
            if (wellFormed && (altitude == null || Double.isFinite(altitude))) {
                out.location(new Location(latitude, longitude, altitude));
            } else {
                out.fault(Reason.LOCATION, "not {lat, lon, alt} within their ranges", where, null);
            }
        }

        private double coordinate() {
            if (document.token().isNumber()) {
                return document.number();
            }
            document.skip();
            return Double.NaN;
        }

        private void checkMembers(int members) {
            if (members > in.limits().maxMembers()) {
                throw new Rejected(Reason.TOO_MANY, "more than " + in.limits().maxMembers() + " members in one object");
            }
        }

        private String at(String name) {
            return ReadingBuilder.below(pointer, name);
        }
    }
}
