package dev.heliograph.ingest.sparkplug;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.ingest.sparkplug.Payload.Metric;
import dev.heliograph.ingest.sparkplug.Payload.Value;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Bytes that the generated classes of Eclipse Tahu (tahu-core 1.0.21) have written, every field of a metric once. */
class PayloadReaderTest {
    private static final long TIME = 1_780_000_000_000L;
    private static final String OF_TAHU = "0880909282e733"
            + "12420a016110ffffffffffffffffff01180520032801300138014a220a07656e67556e69740a075175616c697479"
            + "1207080c42036261721205080318c00150f9ffffff0f"
            + "120b58f8ffffffffffffffff01"
            + "1205650000c03f"
            + "1209699a9999999999b93f"
            + "12027001"
            + "12047a02c3bc"
            + "1204820101" + "78"
            + "120a8a010708011201631803"
            + "1205920102" + "2801"
            + "18ff01"
            + "220175"
            + "2a0162";
    private static final String REBIRTH_OF_TAHU =
            "0880909282e73312210a144e6f646520436f6e74726f6c2f52656269727468" + "1880909282e733200b7001";

    @Test
    void givenBytesOfTahu_whenRead_thenEveryFieldIsWhatWasWritten() throws MalformedPayload {
        Payload payload = PayloadReader.read(HexFormat.of().parseHex(OF_TAHU), 9);

        assertThat(payload.timestampMillis()).isEqualTo(TIME);
        assertThat(payload.sequence()).isEqualTo(255);
        assertThat(payload.metrics().getFirst())
                .isEqualTo(new Metric("a", -1L, 5L, 3, true, true, true, new Value.Int32(-7), 192L, "bar"));
        List<Value> values = payload.metrics().stream().map(Metric::value).toList();
        assertThat(values)
                .containsExactly(
                        new Value.Int32(-7),
                        new Value.Int64(-8),
                        new Value.Real(1.5),
                        new Value.Real(0.1),
                        new Value.Bool(true),
                        new Value.Text("ü"),
                        new Value.Other("bytes"),
                        new Value.Other("a data set"),
                        new Value.Other("a template"));
    }

    @Test
    void givenTheTime_whenARebirthIsAskedFor_thenTheBytesAreThoseOfTahu() {
        assertThat(HexFormat.of().formatHex(RebirthRequest.encode(TIME))).isEqualTo(REBIRTH_OF_TAHU);
    }
}
