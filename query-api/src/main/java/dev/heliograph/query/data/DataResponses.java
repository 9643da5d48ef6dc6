package dev.heliograph.query.data;

import dev.heliograph.query.problem.Problems;
import dev.heliograph.query.web.LimitSettings;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import tools.jackson.databind.json.JsonMapper;

/** Runs queries and writes their answers in the format asked for. */
final class DataResponses {
    private static final int BUFFER_CHARACTERS = 32_768;
    private static final int TAG_BYTES = 16;

    private final QueryRunner runner;
    private final Bulkhead bulkhead;
    private final LimitSettings limits;
    private final JsonMapper json;
    private final Clock clock;
    private final Counter cancelled;

    DataResponses(
            QueryRunner runner,
            Bulkhead bulkhead,
            LimitSettings limits,
            JsonMapper json,
            Clock clock,
            MeterRegistry meters) {
        this.runner = runner;
        this.bulkhead = bulkhead;
        this.limits = limits;
        this.json = json;
        this.clock = clock;
        this.cancelled = Counter.builder("heliograph.query.cancelled")
                .description("Range queries stopped in the database because their client had left")
                .register(meters);
    }

    /** Prepares the query as of now, runs it and writes the answer. */
    void write(
            HttpServletRequest request,
            HttpServletResponse response,
            @Nullable String format,
            Function<Instant, PreparedQuery> prepare) {
        Format wanted = Format.of(format, request.getHeader(HttpHeaders.ACCEPT));
        Running running = new Running(clock, limits.answerTime());
        try (Bulkhead.Place place = bulkhead.enter();
                ClientWatch watch = ClientWatch.of(request, running, cancelled::increment)) {
            PreparedQuery prepared = prepare.apply(clock.instant());
            response.setHeader(HttpHeaders.VARY, HttpHeaders.ACCEPT);
            if (wanted == Format.JSON) {
                writeJson(request, response, prepared, running, watch);
            } else {
                writeRows(response, wanted, prepared, running, watch);
            }
        } catch (Running.ClientLeftException nobodyListens) {
            response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    private void writeJson(
            HttpServletRequest request,
            HttpServletResponse response,
            PreparedQuery prepared,
            Running running,
            ClientWatch watch)
            throws IOException {
        if (prepared.values() > limits.maxValues()) {
            throw Problems.overLimit(
                    "The answer could have %,d numbers; %,d are allowed in JSON. Ask for CSV or NDJSON, longer buckets or a smaller limit."
                            .formatted(prepared.values(), limits.maxValues()));
        }
        JsonCollector collector = new JsonCollector(prepared.heading());
        runner.run(prepared, collector, running);
        watch.close();
        DataAnswer answer = collector.answer();
        headers(response, prepared.heading());
        if (prepared.heading().closed() && isOfARepresentation(request.getMethod())) {
            String tag = tagOf(answer);
            response.setHeader(HttpHeaders.ETAG, tag);
            response.setHeader(HttpHeaders.CACHE_CONTROL, "private, no-cache");
            if (matches(request.getHeader(HttpHeaders.IF_NONE_MATCH), tag)) {
                response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
                return;
            }
        }
        response.setContentType(Format.JSON_TYPE);
        json.writeValue(response.getOutputStream(), answer);
    }

    private void writeRows(
            HttpServletResponse response, Format format, PreparedQuery prepared, Running running, ClientWatch watch)
            throws IOException {
        headers(response, prepared.heading());
        response.setContentType(format.contentType());
        if (format == Format.CSV) {
            response.setHeader(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"heliograph-data.csv\"");
        }
        String next = prepared.heading().nextCursor();
        if (next != null) {
            response.setHeader("X-Next-Cursor", next);
        }
        Writer out = new BufferedWriter(
                new OutputStreamWriter(response.getOutputStream(), StandardCharsets.UTF_8), BUFFER_CHARACTERS);
        RowFormat rows =
                format == Format.CSV ? new CsvRows(prepared.heading(), out) : new NdjsonRows(prepared.heading(), out);
        rows.open();
        runner.run(prepared, watch.untilFirst(rows, running), running);
        watch.close();
        out.flush();
    }

    private static void headers(HttpServletResponse response, Heading heading) {
        Instant through = heading.dataThrough();
        if (through != null) {
            response.setHeader("X-Data-Through", through.toString());
        }
        String notice = heading.notice();
        if (notice != null) {
            response.setHeader("X-Notice", notice);
        }
        response.setHeader("X-Resolution", heading.resolution());
        response.setHeader("X-Source", heading.source().label());
    }

    // By content: a late reading may still change what a closed range says, and then the tag changes as well.
    private String tagOf(DataAnswer answer) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            json.writeValue(
                    new DigestOutputStream(OutputStream.nullOutputStream(), digest), answer.withoutDataThrough());
            return "W/\"" + HexFormat.of().formatHex(Arrays.copyOf(digest.digest(), TAG_BYTES)) + "\"";
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }

    /** A question that is posted has no representation that a condition could be about (RFC 9110, 13.1.2 and 13.2.1). */
    private static boolean isOfARepresentation(String method) {
        return method.equals("GET") || method.equals("HEAD");
    }

    private static boolean matches(@Nullable String header, String tag) {
        if (header == null) {
            return false;
        }
        String strong = tag.substring(2);
        return Arrays.stream(header.split(","))
                .map(String::strip)
                .anyMatch(one -> one.equals("*") || one.equals(tag) || one.equals(strong));
    }
}
