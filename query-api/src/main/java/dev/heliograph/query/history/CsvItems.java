package dev.heliograph.query.history;

import dev.heliograph.model.csv.CsvReadings;
import dev.heliograph.model.reading.Sample;
import dev.heliograph.query.problem.Problems;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The lines of a CSV file. What cannot be decoded ends it: nobody knows where the next line begins. */
final class CsvItems implements HistoryItems {
    private static final int MAX_SHOWN = 300;

    private final BufferedReader lines;
    private final CsvReadings columns;
    private long line = 1;
    private boolean ended;

    /** @throws dev.heliograph.query.problem.ProblemException 400 if the header is unusable */
    CsvItems(InputStream body, int maxMetrics) throws IOException {
        this.lines = new BufferedReader(new InputStreamReader(
                body,
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT)));
        try {
            String header = lines.readLine();
            if (header == null) {
                throw new IllegalArgumentException("is empty: a header with device, time and metrics is needed");
            }
            columns = CsvReadings.ofHeader(header);
        } catch (CharacterCodingException | IllegalArgumentException unusable) {
            throw Problems.badBody("line 1", shown(unusable));
        }
        if (columns.metricCount() > maxMetrics) {
            throw Problems.overLimit("A reading may have " + maxMetrics + " metrics.");
        }
    }

    @Override
    public String placeName() {
        return "line";
    }

    @Override
    public @Nullable HistoryItem next() throws IOException {
        while (!ended) {
            line++;
            try {
                String text = lines.readLine();
                ended = text == null;
                if (text != null && !text.isBlank()) {
                    return item(columns.read(text));
                }
            } catch (CharacterCodingException notText) {
                ended = true;
                return new HistoryItem.Bad(line, HistoryReason.ENCODING, "not UTF-8; nothing behind it was read", "");
            } catch (IllegalArgumentException notAReading) {
                return new HistoryItem.Bad(line, HistoryReason.LINE, shown(notAReading), "");
            }
        }
        return null;
    }

    private HistoryItem item(CsvReadings.Row row) {
        for (Sample sample : row.samples()) {
            if (sample instanceof Sample.State state && !StorableText.holds(state.text())) {
                return new HistoryItem.Bad(
                        line,
                        HistoryReason.ENCODING,
                        "NUL or half of a surrogate pair",
                        state.metric().value());
            }
        }
        return new HistoryItem.Good(line, row.device(), row.timeMicros(), null, row.samples(), null);
    }

    private static String shown(Exception failure) {
        String text = String.valueOf(failure.getMessage());
        return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN);
    }
}
