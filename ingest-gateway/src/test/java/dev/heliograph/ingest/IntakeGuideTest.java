package dev.heliograph.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.ingest.funnel.Admission;
import dev.heliograph.ingest.funnel.Funnel;
import dev.heliograph.ingest.funnel.FunnelLimits;
import dev.heliograph.ingest.funnel.Outcome;
import dev.heliograph.ingest.funnel.RawMessage;
import dev.heliograph.ingest.funnel.TopicMappings;
import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.reading.Micros;
import dev.heliograph.model.reading.Reading;
import dev.heliograph.model.reading.Sample;
import dev.heliograph.model.reading.Transport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.io.ByteArrayResource;

/** Executes the examples of {@code docs/guide/intake.md}, with the configuration that the page shows. */
class IntakeGuideTest {
    private static final DeviceKey DEVICE = DeviceKey.of("demo", "boiler-7");
    private static final DeviceKey PUMP = DeviceKey.of("demo", "pump-1");
    private static final Instant RECEIVED = Instant.parse("2026-09-21T14:13:20Z");
    private static final int FEWEST_EXAMPLES = 13;
    private static final Pattern EXAMPLE = Pattern.compile(
            "<!-- example: topic (\\S+)(?: type (\\S+))? -->\\n```(\\w*)\\n"
                    + "(.*?)\\n```\\nbecomes\\n```\\n(.*?)\\n```",
            Pattern.DOTALL);
    private static final Pattern CONFIGURATION = Pattern.compile("```yaml\\n(heliograph:.*?)\\n```", Pattern.DOTALL);
    private static final String GUIDE = guide();

    record Example(String topic, @Nullable String contentType, byte[] payload, String becomes) {
        @Override
        public String toString() {
            return topic + (contentType == null ? "" : " as " + contentType);
        }
    }

    static Stream<Example> examples() {
        List<Example> examples = new ArrayList<>();
        for (Matcher found = EXAMPLE.matcher(GUIDE); found.find(); ) {
            String text = found.group(4);
            byte[] payload = found.group(3).equals("hex")
                    ? HexFormat.of().parseHex(text.replaceAll("\\s", ""))
                    : text.getBytes(StandardCharsets.UTF_8);
            examples.add(new Example(found.group(1), found.group(2), payload, found.group(5)));
        }
        return examples.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("examples")
    void givenAnExampleOfTheGuide_whenPassed_thenItBecomesWhatTheGuideSays(Example example) {
        Funnel funnel = new Funnel(FunnelLimits.DEFAULTS, table(), Admission.ALL);

        Outcome outcome = funnel.pass(new RawMessage(
                example.topic(),
                example.payload(),
                DEVICE,
                example.contentType(),
                0,
                Micros.of(RECEIVED),
                Transport.MQTT));

        assertThat(written(outcome)).isEqualTo(example.becomes());
    }

    @Test
    void givenTheGuide_whenRead_thenNoExampleIsPassedOver() {
        long marked =
                GUIDE.lines().filter(line -> line.startsWith("<!-- example")).count();

        assertThat(examples().count()).isEqualTo(marked).isGreaterThanOrEqualTo(FEWEST_EXAMPLES);
    }

    private static String written(Outcome outcome) {
        return Stream.concat(
                        outcome.readings().stream().map(IntakeGuideTest::written),
                        outcome.refusals().stream()
                                .map(refusal -> "refused " + refusal.reason()
                                        + (refusal.pointer().isEmpty() ? "" : " at " + refusal.pointer())))
                .collect(Collectors.joining("\n"));
    }

    private static String written(Reading reading) {
        StringBuilder line =
                new StringBuilder().append(reading.device()).append(' ').append(reading.time());
        for (Sample sample : reading.samples()) {
            line.append(' ').append(sample.metric()).append('=');
            switch (sample) {
                case Sample.Measurement number ->
                    line.append(number.value()).append(number.unit() == null ? "" : "[" + number.unit() + "]");
                case Sample.Flag flag -> line.append(flag.value());
                case Sample.State state -> line.append('"').append(state.text()).append('"');
            }
        }
        reading.flags().stream().sorted().forEach(flag -> line.append(' ').append(flag));
        return line.toString();
    }

    /** The table of the page's configuration; {@code boiler-7} reports for {@code pump-1}. */
    private static TopicMappings table() {
        Matcher configuration = CONFIGURATION.matcher(GUIDE);
        assertThat(configuration.find()).isTrue();
        try {
            MutablePropertySources sources = new MutablePropertySources();
            new YamlPropertySourceLoader()
                    .load("guide", new ByteArrayResource(configuration.group(1).getBytes(StandardCharsets.UTF_8)))
                    .forEach(sources::addLast);
            return new Binder(ConfigurationPropertySources.from(sources))
                    .bind("heliograph.ingest.mapping", Bindable.of(MappingSettings.class))
                    .get()
                    .table((gateway, device) -> gateway.equals(DEVICE) && device.equals(PUMP));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static String guide() {
        try {
            return Files.readString(Path.of("..", "docs", "guide", "intake.md"));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
