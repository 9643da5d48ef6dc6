package dev.heliograph.query.search;

import dev.heliograph.query.search.TextMatch.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/**
 * Writes a search as conditions of SQL about a row {@code d} of {@code device} and, if any, its row {@code p} of {@code
 * presence}. Whatever somebody has written gets into the statement as a bound parameter, never as text. The statement must
 * have the parameter {@code tenant} besides, by which every table that is looked at is narrowed.
 */
public final class SearchSql {
    private final Map<String, Object> parameters;
    private int next;

    private SearchSql(Map<String, Object> parameters) {
        this.parameters = parameters;
    }

    /** The conditions, each begun by AND, and their parameters added to the map as {@code q0}, {@code q1} and so on. */
    public static String conditions(Search search, Map<String, Object> parameters) {
        SearchSql sql = new SearchSql(parameters);
        return search.terms().stream().map(term -> " AND " + sql.whole(term)).collect(Collectors.joining());
    }

    /** One condition. What is unknown does not hold, so a device without a type is not one of type pump. */
    private String whole(Term term) {
        String condition = condition(term);
        return term.negated() ? "(" + condition + ") IS NOT TRUE" : "(" + condition + ")";
    }

    private String condition(Term term) {
        return switch (term) {
            case Term.Word word -> word(word.text());
            case Term.Attribute attribute -> attribute(attribute.field(), attribute.anyOf());
            case Term.NumberComparison number ->
                newest(number.metric().value(), "l.value " + number.operator().sql() + " " + bound(number.number()));
            case Term.TextComparison text ->
                newest(text.metric().value(), "l.text " + text.operator().sql() + " " + bound(text.text()));
            case Term.Seen seen -> seen(seen);
            case Term.AnyOf anyOf ->
                anyOf.alternatives().stream()
                        .map(one -> one.terms().stream().map(this::whole).collect(Collectors.joining(" AND ")))
                        .collect(Collectors.joining(" OR "));
        };
    }

    /** The newest of what presence tells and of what is stored, as a device shows it: either may be ahead of the other. */
    private String seen(Term.Seen seen) {
        String then = "now() - " + bound((double) seen.age().toSeconds()) + " * interval '1 second'";
        boolean recently = seen.operator() == Operator.BELOW || seen.operator() == Operator.AT_MOST;
        boolean including = seen.operator() == Operator.AT_LEAST || seen.operator() == Operator.AT_MOST;
        // Of "longer ago than" the opposite is asked of each sample: none may be newer.
        String newer = recently == including ? " >= " : " > ";
        String stored = "EXISTS (SELECT FROM series s JOIN latest l ON l.series_id = s.id WHERE s.tenant = :tenant"
                + " AND s.device = d.id AND l.received_at" + newer + then + ")";
        return recently
                ? "p.last_seen IS NOT NULL AND (p.last_seen" + newer + then + " OR " + stored + ")"
                : "NOT p.last_seen" + newer + then + " AND NOT " + stored;
    }

    private String word(TextMatch match) {
        String pattern = bound((match.kind() == Kind.PREFIX ? "" : "%") + literal(match.text()) + "%");
        return "d.id ILIKE " + pattern + " OR d.name ILIKE " + pattern;
    }

    private String attribute(Field field, List<TextMatch> anyOf) {
        return switch (field) {
            case Field.Label label -> label(label.key(), anyOf);
            case Field.Known known ->
                switch (known) {
                    case ID -> texts("d.id", anyOf);
                    case TYPE -> texts("d.type", anyOf);
                    case SITE -> texts("d.site", anyOf);
                    case FIRMWARE -> texts("d.firmware", anyOf);
                    case NAME -> names(anyOf);
                    case STATUS -> status(anyOf);
                    case ENABLED ->
                        isAny(anyOf)
                                ? "true"
                                : "d.enabled = ANY("
                                        + bound(anyOf.stream()
                                                .map(match -> match.text().equals("true"))
                                                .toArray(Boolean[]::new))
                                        + ")";
                    case METRIC ->
                        "EXISTS (SELECT FROM series s WHERE s.tenant = :tenant AND s.device = d.id AND ("
                                + texts("s.metric", anyOf) + "))";
                    case ALERT ->
                        "EXISTS (SELECT FROM alert a WHERE a.tenant = :tenant AND a.device = d.id"
                                + " AND a.state <> 'resolved' AND a.state = 'firing' AND (" + texts("a.severity", anyOf)
                                + "))";
                };
        };
    }

    /** Whole values as one comparison, which an index answers, and each beginning as one of its own. */
    private String texts(String column, List<TextMatch> anyOf) {
        if (isAny(anyOf)) {
            return column + " IS NOT NULL";
        }
        StringJoiner either = new StringJoiner(" OR ");
        String[] whole = plain(anyOf);
        if (whole.length == 1) {
            either.add(column + " = " + bound(whole[0]));
        } else if (whole.length > 1) {
            either.add(column + " = ANY(" + bound(whole) + ")");
        }
        for (TextMatch match : anyOf) {
            if (match.kind() == Kind.PREFIX) {
                either.add(column + " LIKE " + bound(literal(match.text()) + "%"));
            }
        }
        return either.toString();
    }

    private String names(List<TextMatch> anyOf) {
        if (isAny(anyOf)) {
            return "d.name IS NOT NULL";
        }
        StringJoiner either = new StringJoiner(" OR ");
        for (TextMatch match : anyOf) {
            either.add("d.name ILIKE " + bound(literal(match.text()) + (match.kind() == Kind.PREFIX ? "%" : "")));
        }
        return either.toString();
    }

    private String status(List<TextMatch> anyOf) {
        if (isAny(anyOf)) {
            return "true";
        }
        String known = texts("p.state", anyOf);
        // The plain comparison can use the index; devices without a row count as unknown.
        boolean unknown = anyOf.stream().anyMatch(match -> match.text().equals("unknown"));
        return unknown ? "p.state IS NULL OR " + known : known;
    }

    private String label(String key, List<TextMatch> anyOf) {
        String name = bound(key);
        if (isAny(anyOf)) {
            return "jsonb_exists(d.labels, " + name + ")";
        }
        StringJoiner either = new StringJoiner(" OR ");
        for (TextMatch match : anyOf) {
            either.add(
                    match.kind() == Kind.PREFIX
                            ? "d.labels ->> " + name + " LIKE " + bound(literal(match.text()) + "%")
                            : "d.labels @> jsonb_build_object(" + name + ", " + bound(match.text()) + ")");
        }
        return either.toString();
    }

    private String newest(String metric, String condition) {
        return "EXISTS (SELECT FROM series s JOIN latest l ON l.series_id = s.id WHERE s.tenant = :tenant"
                + " AND s.device = d.id AND s.metric = " + bound(metric) + " AND " + condition + ")";
    }

    private static boolean isAny(List<TextMatch> anyOf) {
        return anyOf.stream().anyMatch(match -> match.kind() == Kind.ANY);
    }

    private static String[] plain(List<TextMatch> anyOf) {
        List<String> whole = new ArrayList<>();
        for (TextMatch match : anyOf) {
            if (match.kind() == Kind.PLAIN) {
                whole.add(match.text());
            }
        }
        return whole.toArray(String[]::new);
    }

    /** A parameter with this value; its type is told, because the database would have to guess it. */
    private String bound(Object value) {
        String name = "q" + next++;
        parameters.put(name, value);
        String type = switch (value) {
            case String text -> "text";
            case Double number -> "float8";
            case String[] texts -> "text[]";
            case Boolean[] flags -> "boolean[]";
            default -> throw new IllegalStateException("no SQL type for " + value.getClass());
        };
        return "CAST(:" + name + " AS " + type + ")";
    }

    /** A text that LIKE takes letter for letter. */
    private static String literal(String text) {
        return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_");
    }
}
