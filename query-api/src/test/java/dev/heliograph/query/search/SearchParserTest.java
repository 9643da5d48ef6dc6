package dev.heliograph.query.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.model.id.MetricName;
import dev.heliograph.query.search.Field.Known;
import dev.heliograph.query.search.TextMatch.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SearchParserTest {
    private static final SearchLimits LIMITS = new SearchLimits(500, 20, 100, 4);
    private static final SearchLimits WIDE = new SearchLimits(20_000, 200, 1_000, 200);

    @Test
    void givenEveryKindOfTerm_whenParsed_thenEachIsWhatItSays() {
        Search search =
                good("boil* -\"hall 3\" site:lyon,\"os lo\" -fw:2.3 label.line:* Status:late temp>30 mode!=\"a b\"");

        assertThat(search.terms())
                .containsExactly(
                        new Term.Word(false, new TextMatch(Kind.PREFIX, "boil")),
                        new Term.Word(true, plain("hall 3")),
                        new Term.Attribute(false, Known.SITE, List.of(plain("lyon"), plain("os lo"))),
                        new Term.Attribute(true, Known.FIRMWARE, List.of(plain("2.3"))),
                        new Term.Attribute(false, new Field.Label("line"), List.of(TextMatch.ANY)),
                        new Term.Attribute(false, Known.STATUS, List.of(plain("late"))),
                        new Term.NumberComparison(false, new MetricName("temp"), Operator.ABOVE, 30),
                        new Term.TextComparison(false, new MetricName("mode"), Operator.OTHER, "a b"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    temp>=30        | AT_LEAST | 30
                    temp<=-3.5e2    | AT_MOST  | -350
                    temp<.5         | BELOW    | 0.5
                    temp=1.         | EQUAL    | 1
                    on=true         | EQUAL    | 1
                    on!=false       | OTHER    | 0
                    """)
    void givenComparison_whenParsed_thenOperatorAndNumberAreRead(String text, Operator operator, double number) {
        Term.NumberComparison read = (Term.NumberComparison) good(text).terms().getFirst();

        assertThat(read.operator()).isEqualTo(operator);
        assertThat(read.number()).isEqualTo(number);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    a or b                | (a or b)
                    a b OR c d            | (a b or c d)
                    (a or b) c            | (a or b) c
                    (a)                   | a
                    ((a b)) c             | a b c
                    -(a b)                | -(a b)
                    -(a or (b or -c)) d   | -(a or (b or -c)) d
                    a or(b c)             | (a or b c)
                    ( a or b )            | (a or b)
                    (site:x or t>5)       | (site:x or t>5.0)
                    a(b) or c)            | (a(b) or c))
                    oregon or sensor      | (oregon or sensor)
                    "or" or "(x)"         | (or or (x))
                    """)
    void givenAlternatives_whenParsed_thenTheyArePartedWhereTheyAreMeant(String text, String written) {
        assertThat(good(text).written().replace("\"", "")).isEqualTo(written);
    }

    @ParameterizedTest
    @CsvSource({
        "seen>90s,ABOVE,90",
        "seen<=5m,AT_MOST,300",
        "SEEN>=1h,AT_LEAST,3600",
        "seen<2d,BELOW,172800",
        "seen>1w,ABOVE,604800"
    })
    void givenAge_whenParsed_thenOperatorAndSecondsAreRead(String text, Operator operator, long seconds) {
        assertThat(good("-" + text).terms())
                .containsExactly(new Term.Seen(true, operator, Duration.ofSeconds(seconds)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    or              | 0  | 'or' needs something before
                    a or            | 2  | 'or' needs something before
                    a or or b       | 5  | 'or' needs something before
                    (or a)          | 1  | 'or' needs something before
                    a (b or )       | 5  | 'or' needs something before
                    x ()            | 2  | there is nothing between the parentheses
                    (a or b         | 0  | the parenthesis is not closed
                    a (b (c)        | 2  | the parenthesis is not closed
                    (a)b            | 3  | a space is needed behind the parenthesis
                    (site:)         | 6  | a value is missing
                    (-)             | 1  | '-' needs something
                    (((((((((((a    | 10 | parentheses may be 10 deep
                    seen=1h         | 4  | an age is compared by
                    seen>           | 5  | an age is needed
                    seen>1          | 5  | an age is needed
                    seen>-1h        | 5  | an age is needed
                    seen<1y         | 5  | an age is needed
                    seen>36526d     | 5  | an age may be 36525 days
                    seen>9999999999w | 5 | an age may be 36525 days
                    site:           | 5  | a value is missing
                    a site:         | 7  | a value is missing
                    site:a,         | 7  | a value is missing
                    site:""         | 5  | a value is missing
                    colour:red      | 0  | 'colour' is not a field
                    x -colour:red   | 3  | 'colour' is not a field
                    :red            | 0  | a field is needed before ':'
                    status:lat      | 7  | 'lat' is not a value of status
                    status:la*      | 7  | 'la' is not a value of status
                    enabled:yes     | 8  | 'yes' is not a value of enabled
                    temp>           | 5  | a number is needed
                    temp>hot        | 5  | a number is needed
                    temp>1,2        | 5  | a number is needed
                    temp>1e999      | 5  | a number is needed
                    temp > 30       | 5  | a metric is needed before '>'
                    2temp>30        | 0  | '2temp' is not the name of a metric
                    "abc            | 0  | the quote is not closed
                    site:"abc       | 5  | the quote is not closed
                    ab"c            | 2  | a quote may stand at the beginning
                    "a"b            | 3  | a space is needed
                    site:"a"b       | 8  | a space is needed
                    a*b             | 1  | '*' may only be the last
                    *               | 0  | '*' needs a beginning
                    site:a*b        | 7  | a space is needed
                    -               | 0  | '-' needs something
                    a - b           | 2  | '-' needs something
                    label.:x        | 0  | 'label.' is not a field
                    label."k"       | 9  | ':' and a value
                    ""              | 0  | there is nothing between
                    """)
    void givenNonsense_whenParsed_thenItSaysWhereAndWhy(String text, int position, String reason) {
        Parsed parsed = SearchParser.parse(text, LIMITS);

        assertThat(parsed).isInstanceOf(Parsed.Bad.class);
        assertThat(((Parsed.Bad) parsed).position()).isEqualTo(position);
        assertThat(((Parsed.Bad) parsed).reason()).startsWith(reason);
    }

    @Test
    void givenMoreThanMayBeSaid_whenParsed_thenTheLimitIsNamed() {
        assertThat(bad("a".repeat(501))).startsWith("a search may have 500 characters");
        assertThat(bad("a ".repeat(21))).startsWith("a search may have 20 terms");
        assertThat(bad("(" + "a or ".repeat(20) + "a)")).startsWith("a search may have 20 terms");
        assertThat(bad("id:a" + ",b".repeat(100))).startsWith("a search may have 100 values");
        assertThat(bad("t>1 t>2 t>3 t>4 t>5")).startsWith("a search may compare 4 metrics");
        assertThat(bad("site:" + "a".repeat(201))).startsWith("a value may have 200 characters");
        assertThat(bad("a\u0001")).startsWith("is not a character");
        assertThat(bad("a\ud800")).startsWith("is not a character");
        assertThat(good("\ud83c\udf21").terms()).hasSize(1);
    }

    @Test
    void givenRandomSearches_whenWrittenAndParsed_thenTheyAreTheSame() {
        RandomSearches searches = new RandomSearches(11);
        for (int i = 0; i < 20_000; i++) {
            Search search = searches.next();

            assertThat(SearchParser.parse(search.written(), WIDE))
                    .as(search.written())
                    .isEqualTo(new Parsed.Good(search));
        }
    }

    @Test
    void givenRandomText_whenParsed_thenItIsASearchOrAPlaceWithin() {
        Random random = new Random(12);
        String alphabet = "ab:>=<!-\"*\\, .l1() or seen>1h\ud83c\udf21\u0000\tsite:temp>";
        for (int i = 0; i < 50_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(30); length > 0; length--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }

            switch (SearchParser.parse(text.toString(), LIMITS)) {
                case Parsed.Good good ->
                    assertThat(SearchParser.parse(good.search().written(), WIDE))
                            .isEqualTo(good);
                case Parsed.Bad bad ->
                    assertThat(bad.position()).as(text.toString()).isBetween(0, text.length());
            }
        }
    }

    private static Search good(String text) {
        Parsed parsed = SearchParser.parse(text, LIMITS);
        assertThat(parsed).isInstanceOf(Parsed.Good.class);
        return ((Parsed.Good) parsed).search();
    }

    private static String bad(String text) {
        Parsed parsed = SearchParser.parse(text, LIMITS);
        assertThat(parsed).isInstanceOf(Parsed.Bad.class);
        return ((Parsed.Bad) parsed).reason();
    }

    private static TextMatch plain(String text) {
        return new TextMatch(Kind.PLAIN, text);
    }
}
