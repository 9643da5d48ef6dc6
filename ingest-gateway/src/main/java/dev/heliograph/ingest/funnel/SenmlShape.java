package dev.heliograph.ingest.funnel;

import dev.heliograph.ingest.funnel.DocumentReader.Token;
import dev.heliograph.model.id.MetricName;
import dev.heliograph.model.reading.ReadingFlag;
import org.jspecify.annotations.Nullable;

/**
 * A SenML pack (RFC 8428): records with base name, time, unit, value and sum, resolved as section 4.6 says. Consecutive
 * records of one time become one reading. A time below 2^28 is relative to the receipt (section 4.5.3). A sum becomes the
 * metric {@code name.sum}, whose unit is the record's times a second. Binary values are no samples. What a name says of the
 * device and of the metric: {@link SenmlName}.
 */
final class SenmlShape implements Shape {
    private static final double HIGHEST_VERSION = 10;
    private static final double FIRST_ABSOLUTE_TIME = 1L << 28;

    @Override
    public int read(DocumentReader document, Decoding in, ReadingBuilder out) {
        if (document.token() != Token.START_ARRAY) {
            throw new Rejected(Reason.SHAPE, "not an array of records");
        }
        return new Pass(document, in, out).pack();
    }

    /** The label of each field in CBOR (RFC 8428, table 4). */
    static @Nullable String label(long key) {
        return switch ((int) Math.clamp(key, -10, 10)) {
            case -1 -> "bver";
            case -2 -> "bn";
            case -3 -> "bt";
            case -4 -> "bu";
            case -5 -> "bv";
            case -6 -> "bs";
            case 0 -> "n";
            case 1 -> "u";
            case 2 -> "v";
            case 3 -> "vs";
            case 4 -> "vb";
            case 5 -> "s";
            case 6 -> "t";
            case 7 -> "ut";
            case 8 -> "vd";
            default -> null;
        };
    }

    /** One pack. */
    private static final class Pass {
        private final DocumentReader document;
        private final Decoding in;
        private final ReadingBuilder out;

        // Of the pack, as the records so far have set them.
        private String baseName = "";
        private double baseTime;
        private @Nullable String baseUnit;
        private boolean hasBaseValue;
        private double baseValue;
        private boolean hasBaseSum;
        private double baseSum;
        private @Nullable String owner;

        // Of the record.
        private int index;
        private String pointer = "";
        private @Nullable String name;
        private @Nullable String unit;
        private double time;
        private @Nullable Token kind;
        private int values;
        private double number;
        private boolean exact;
        private String text = "";
        private boolean hasSum;
        private double sum;
        private @Nullable Refusal problem;

        // Of the reading that is being made.
        private boolean open;
        private double openTime;

        Pass(DocumentReader document, Decoding in, ReadingBuilder out) {
            this.document = document;
            this.in = in;
            this.out = out;
        }

        int pack() {
            int most = in.limits().maxMembers();
            int good = 0;
            for (Token token = document.next(); token != Token.END_ARRAY; token = document.next()) {
                if (index == most) {
                    throw new Rejected(Reason.TOO_MANY, "more than " + most + " records");
                }
                pointer = "/" + index;
                if (token == null) {
                    throw new Rejected(document.malformed(), "ends within an array");
                } else if (token == Token.START_OBJECT) {
                    record();
                    good += resolve() ? 1 : 0;
                } else {
                    document.skip();
                    refuse(Reason.SHAPE, "not a record", "");
                }
                index++;
            }
            if (open) {
                out.finish();
            }
            if (good == 0) {
                out.refuse(Refusal.ofMessage(Reason.SHAPE, "no record with a value"));
            }
            return index;
        }

        private void record() {
            name = null;
            unit = null;
            time = 0;
            kind = null;
            values = 0;
            exact = true;
            hasSum = false;
            problem = null;
            int members = 0;
            for (String field = document.nextName(); field != null; field = document.nextName()) {
                if (++members > in.limits().maxMembers()) {
                    throw new Rejected(
                            Reason.TOO_MANY, "more than " + in.limits().maxMembers() + " members in one object");
                }
                document.next();
                field(field);
                document.skip();
            }
        }

        private void field(String field) {
            switch (field) {
                case "bver" -> version();
                case "bn" -> baseName = baseText(field);
                case "bt" -> baseTime = base(field);
                case "bu" -> baseUnit = baseText(field);
                case "bv" -> {
                    hasBaseValue = true;
                    baseValue = base(field);
                }
                case "bs" -> {
                    hasBaseSum = true;
                    baseSum = base(field);
                }
                case "n" -> name = text(field);
                case "u" -> unit = text(field);
                case "t" -> time = number(Reason.BAD_TS, field);
                case "v" -> {
                    value(Token.DECIMAL);
                    number = number(Reason.TYPE, field);
                    exact = document.token().isNumber() && document.isExact();
                }
                case "vs" -> {
                    value(Token.TEXT);
                    text = text(field);
                }
                case "vb" -> {
                    Token token = document.token();
                    value(token);
                    if (token != Token.TRUE && token != Token.FALSE) {
                        problem(Reason.TYPE, "no boolean", field);
                    }
                }
                case "vd" -> {
                    value(Token.OTHER);
                    problem(Reason.TYPE, "binary data is no sample", field);
                }
                case "s" -> {
                    hasSum = true;
                    sum = number(Reason.TYPE, field);
                }
                default -> {
                    // Section 4.4: such a field changes the meaning of what is beside it.
                    if (field.endsWith("_")) {
                        throw new Rejected(Reason.SENML, "the field " + field + " must be understood, and is not");
                    }
                }
            }
        }

        private void version() {
            double version = document.whole();
            if (!(version >= 1 && version <= HIGHEST_VERSION)) {
                throw new Rejected(Reason.SENML, "bver is no version that is known");
            }
        }

        private void value(Token newKind) {
            kind = newKind;
            if (++values > 1) {
                problem(Reason.SENML, "more than one value", "");
            }
        }

        private String text(String field) {
            if (document.token() == Token.TEXT) {
                return document.text();
            }
            problem(Reason.TYPE, "no text", field);
            return "";
        }

        private double number(Reason reason, String field) {
            if (document.token().isNumber()) {
                return document.number();
            }
            problem(reason, "no number", field);
            return 0;
        }

        private String baseText(String field) {
            if (document.token() != Token.TEXT) {
                throw new Rejected(Reason.SENML, field + " is no text");
            }
            return document.text();
        }

        private double base(String field) {
            double value = document.token().isNumber() ? document.number() : Double.NaN;
            if (!Double.isFinite(value)) {
                throw new Rejected(Reason.SENML, field + " is no finite number");
            }
            return value;
        }

        /** Makes samples of the record; false where it only sets bases. */
        private boolean resolve() {
            boolean measured = kind == Token.DECIMAL || kind == null && hasBaseValue && name != null;
            boolean summed = hasSum || hasBaseSum && name != null && kind == null && !hasBaseValue;
            if (problem == null && kind == null && !measured && !summed) {
                if (name != null) {
                    refuse(Reason.SENML, "no value", "");
                }
                return name != null;
            }
            SenmlName resolved = problem == null ? resolvedName() : null;
            if (problem != null || resolved == null) {
                Refusal found = problem;
                if (found != null) {
                    out.refuse(found);
                }
                return true;
            }
            String metricName = resolved.metric();
            MetricName metric = MetricNames.find(metricName);
            if (metric == null) {
                refuse(Reason.METRIC_NAME, "the name says no metric name", "/n");
                return true;
            }
            if (!begin(metric)) {
                return true;
            }
            String of = unit == null ? baseUnit : unit;
            if (measured) {
                double value = hasBaseValue ? baseValue + (kind == null ? 0 : number) : number;
                out.number(metric, value, exact, SenmlUnits.symbol(of), pointer, "v");
            } else if (kind == Token.TEXT) {
                out.state(metric, text, pointer, "vs");
            } else if (kind == Token.TRUE || kind == Token.FALSE) {
                out.flag(metric, kind == Token.TRUE);
            }
            if (summed) {
                sum(metricName, of);
            }
            return true;
        }

        private void sum(String metricName, @Nullable String of) {
            MetricName metric = MetricNames.find(metricName + ".sum");
            if (metric == null) {
                refuse(Reason.METRIC_NAME, "the name is too long for its sum", "/s");
                return;
            }
            if (out.has(metric)) {
                refuse(Reason.DUPLICATE_KEY, "a metric of the sum's name is there already", "/s");
                return;
            }
            String symbol = SenmlUnits.symbol(of);
            out.number(metric, baseSum + (hasSum ? sum : 0), true, symbol == null ? null : symbol + "·s", pointer, "s");
        }

        private @Nullable SenmlName resolvedName() {
            SenmlName resolved = SenmlName.of(
                    name == null ? baseName : baseName + name,
                    in.device().device().value(),
                    in.metric());
            if (resolved == null) {
                problem(Reason.SENML, "no name", "n");
                return null;
            }
            String claimed = resolved.owner();
            if (claimed != null && owner == null) {
                owner = claimed;
            }
            if (!resolved.isOf(in.device().device().value()) || claimed != null && !claimed.equals(owner)) {
                problem(Reason.IDENTITY_MISMATCH, "the name is of another device", "n");
                return null;
            }
            return resolved;
        }

        /** Goes on with the reading of the same time or begins one; false where the time is refused. */
        private boolean begin(MetricName metric) {
            double at = baseTime + time;
            if (open && at == openTime && !out.has(metric)) {
                out.part(index, pointer);
                return true;
            }
            if (open) {
                out.finish();
                open = false;
            }
            out.begin(in.device(), index, pointer);
            if (at != 0) {
                boolean absolute = at >= FIRST_ABSOLUTE_TIME;
                long micros = DocumentTimes.seconds(at).orElse(Long.MAX_VALUE);
                micros = absolute ? micros : in.message().receivedMicros() + micros;
                Refusal refused = out.timeProblem(micros, pointer + "/t");
                if (refused != null) {
                    out.refuse(refused);
                    return false;
                }
                out.time(micros, pointer + "/t");
                if (!absolute) {
                    out.note(ReadingFlag.TS_SERVER);
                }
            }
            open = true;
            openTime = at;
            return true;
        }

        private void problem(Reason reason, String detail, String field) {
            if (problem == null) {
                String where = field.isEmpty() ? pointer : ReadingBuilder.below(pointer, field);
                problem = new Refusal(reason, detail, where, null, index);
            }
        }

        private void refuse(Reason reason, String detail, String below) {
            out.refuse(new Refusal(reason, detail, pointer + below, null, index));
        }
    }
}
