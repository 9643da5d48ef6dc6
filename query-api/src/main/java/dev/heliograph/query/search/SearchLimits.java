package dev.heliograph.query.search;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How much one search may say.
 *
 * @param maxCharacters longest text, UTF-16 characters
 * @param maxTerms most terms
 * @param maxValues most values of all fields together
 * @param maxComparisons most comparisons of newest values: each looks at a series of every device that the rest leaves
 */
@Validated
@ConfigurationProperties("heliograph.query.search")
public record SearchLimits(
        @Min(1) @Max(2_000) @DefaultValue("500") int maxCharacters,
        @Min(1) @DefaultValue("20") int maxTerms,
        @Min(1) @DefaultValue("100") int maxValues,
        @Min(0) @DefaultValue("4") int maxComparisons) {}
