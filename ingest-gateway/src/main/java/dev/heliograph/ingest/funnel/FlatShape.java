package dev.heliograph.ingest.funnel;

import dev.heliograph.ingest.funnel.DocumentReader.Token;
import dev.heliograph.model.id.MetricName;
import dev.heliograph.model.reading.ReadingFlag;
import org.jspecify.annotations.Nullable;

/**
 * One object whose nested objects are flattened: {@code {"SI7021":{"Temperature":21.4}}} is {@code SI7021.Temperature}.
 * Elements of an array are numbered from 1. Which member is the time, what null means and which units are known differs
 * from one house to another: {@link Dialect}.
 */
final class FlatShape implements Shape {
    private final Dialect dialect;

    FlatShape(Dialect dialect) {
        this.dialect = dialect;
    }

    /** What one house writes. */
    interface Dialect {
        /** The member that holds the time. */
        String timeMember();

        /** Whether null says that there is no value, rather than that a measurement failed. */
        boolean nullIsAbsent();

        /** Whether the member is passed over. */
        boolean leavesOut(String name, Token token);

        /** Takes a member that names a unit, such as {@code "TempUnit":"C"}, and says whether it was one. */
        default boolean isUnitMember(String name) {
            return false;
        }

        /**
         * The unit of a metric.
         *
         * @param metric its last part
         * @param temperature the unit of temperatures, if the message named it
         * @param pressure the unit of pressures, if the message named it
         */
        @Nullable
        String unit(String metric, @Nullable String temperature, @Nullable String pressure);
    }

    @Override
    public int read(DocumentReader document, Decoding in, ReadingBuilder out) {
        if (document.token() != Token.START_OBJECT) {
            throw new Rejected(Reason.SHAPE, "not an object");
        }
        out.begin(in.device(), 0, "");
        new Pass(document, in, out).members();
        out.finish();
        return 1;
    }

    /** One object. */
    private final class Pass {
        private final DocumentReader document;
        private final Decoding in;
        private final ReadingBuilder out;
        private int values;
        private @Nullable String temperatureUnit;
        private @Nullable String pressureUnit;

        Pass(DocumentReader document, Decoding in, ReadingBuilder out) {
            this.document = document;
            this.in = in;
            this.out = out;
        }

        void members() {
            for (String name = document.nextName(); name != null; name = document.nextName()) {
                document.next();
                if (name.equals(dialect.timeMember())) {
                    time(name);
                } else if (Identity.isClaim(name) && document.token() == Token.TEXT) {
                    Identity.check(document, name, in.device(), ReadingBuilder.below("", name), out);
                } else if (dialect.isUnitMember(name)) {
                    unit(name);
                } else if (dialect.leavesOut(name, document.token())) {
                    document.skip();
                } else {
                    value(name, "", name);
                }
            }
            out.unitsBy(metric -> dialect.unit(lastPart(metric), temperatureUnit, pressureUnit));
        }

        private void time(String name) {
            String where = ReadingBuilder.below("", name);
            if (document.token() == Token.NULL && dialect.nullIsAbsent()) {
                return;
            }
            DocumentTimes.Local time = DocumentTimes.local(
                    document, in.options().zone(), in.message().receivedMicros());
            document.skip();
            if (time == null) {
                out.fail(
                        Reason.BAD_TS,
                        "no time, or one that does not exist in " + in.options().zone(),
                        where);
                return;
            }
            out.time(time.micros(), where);
            if (time.ambiguous()) {
                out.note(ReadingFlag.TS_AMBIGUOUS);
            }
        }

        private void unit(String name) {
            if (document.token() == Token.TEXT) {
                if (name.startsWith("Temp")) {
                    temperatureUnit = document.text();
                } else {
                    pressureUnit = document.text();
                }
            }
            document.skip();
        }

        /** One value, or the values below it. The path is that of the metric, the parent that of the pointer. */
        private void value(String path, String parent, String name) {
            if (document.token() == Token.START_OBJECT) {
                String below = ReadingBuilder.below(parent, name);
                for (String member = document.nextName(); member != null; member = document.nextName()) {
                    document.next();
                    value(path + "." + member, below, member);
                }
            } else if (document.token() == Token.START_ARRAY) {
                String below = ReadingBuilder.below(parent, name);
                int element = 0;
                for (Token token = document.next(); token != Token.END_ARRAY; token = document.next()) {
                    if (token == null) {
                        throw new Rejected(document.malformed(), "ends within an array");
                    }
                    value(path + "." + (element + 1), below, Integer.toString(element));
                    element++;
                }
            } else {
                leaf(path, parent, name);
            }
        }

        private void leaf(String path, String parent, String name) {
            if (document.token() == Token.NULL && dialect.nullIsAbsent()) {
                return;
            }
            if (++values > in.limits().maxMembers()) {
                throw new Rejected(Reason.TOO_MANY, "more than " + in.limits().maxMembers() + " values");
            }
            MetricName metric = MetricNames.find(path);
            if (metric == null) {
                out.fault(Reason.METRIC_NAME, "not a metric name", ReadingBuilder.below(parent, name), null);
            } else if (out.has(metric)) {
                out.fault(Reason.DUPLICATE_KEY, "two values of one metric", ReadingBuilder.below(parent, name), metric);
            } else {
                Samples.read(document, metric, parent, name, out);
            }
        }

        private static String lastPart(MetricName metric) {
            String name = metric.value();
            return name.substring(name.lastIndexOf('.') + 1);
        }
    }
}
