package dev.heliograph.query.docs;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/**
 * What changed from one description of the interface to the next, and whether who was written for the first can go on.
 * Breaking is what refuses a request that was accepted, or takes from an answer what was promised. Clients must pass over
 * fields, words of a closed set and kinds of problems that they do not know: new ones are additions. Texts and examples may
 * change.
 */
final class ContractDiff {
    private final ContractDocument before;
    private final ContractDocument after;
    private final Set<Change> changes = new java.util.LinkedHashSet<>();
    private final Set<String> compared = new HashSet<>();

    private ContractDiff(ContractDocument before, ContractDocument after) {
        this.before = before;
        this.after = after;
    }

    /**
     * One change.
     *
     * @param place the operation or schema, and the way into it
     */
    record Change(boolean breaking, String place, String what) {
        @Override
        public String toString() {
            return "`" + place + "` " + what;
        }
    }

    /** Who sends what a schema describes. */
    private enum Direction {
        REQUEST,
        ANSWER
    }

    /** All changes, in the order of the documents. */
    static List<Change> between(ContractDocument before, ContractDocument after) {
        ContractDiff diff = new ContractDiff(before, after);
        diff.operations();
        diff.problems();
        return List.copyOf(diff.changes);
    }

    private void operations() {
        Map<String, JsonNode> old = byPlace(before);
        Map<String, JsonNode> current = byPlace(after);
        old.forEach((place, operation) -> {
            JsonNode now = current.get(place);
            if (now == null) {
                breaks(place, "is gone");
            } else {
                operation(place, operation, now);
            }
        });
        current.forEach((place, operation) -> {
            if (!old.containsKey(place)) {
                adds(place, "is new: " + operation.path("summary").asString(""));
            }
        });
    }

    private void operation(String place, JsonNode old, JsonNode now) {
        String oldId = old.path("operationId").asString();
        if (!oldId.equals(now.path("operationId").asString())) {
            breaks(place, "was called " + oldId + ", which generated clients use");
        }
        parameters(place, old, now);
        body(place, old.path("requestBody"), now.path("requestBody"));
        answers(place, old.path("responses"), now.path("responses"));
    }

    private void parameters(String place, JsonNode old, JsonNode now) {
        Map<String, JsonNode> known = parametersOf(before, old);
        Map<String, JsonNode> current = parametersOf(after, now);
        known.forEach((name, parameter) -> {
            JsonNode then = current.get(name);
            if (then == null) {
                breaks(place, "no longer takes " + name);
                return;
            }
            if (!parameter.path("required").asBoolean(false)
                    && then.path("required").asBoolean(false)) {
                breaks(place, "now requires " + name);
            }
            schema(place + " " + name, parameter.path("schema"), then.path("schema"), Direction.REQUEST);
        });
        current.forEach((name, parameter) -> {
            if (known.containsKey(name)) {
                return;
            }
            if (parameter.path("required").asBoolean(false)) {
                breaks(place, "requires the new " + name);
            } else {
                adds(place, "takes " + name);
            }
        });
    }

    private void body(String place, JsonNode old, JsonNode now) {
        if (old.isMissingNode() && !now.isMissingNode()) {
            if (now.path("required").asBoolean(false)) {
                breaks(place, "now requires a body");
            } else {
                adds(place, "takes a body");
            }
        } else if (!old.isMissingNode() && now.isMissingNode()) {
            breaks(place, "no longer takes a body");
        } else if (!old.path("required").asBoolean(false)
                && now.path("required").asBoolean(false)) {
            breaks(place, "now requires a body");
        }
        content(place + " request", old.path("content"), now.path("content"), Direction.REQUEST);
    }

    private void answers(String place, JsonNode old, JsonNode now) {
        for (Map.Entry<String, JsonNode> answer : old.properties()) {
            String status = answer.getKey();
            boolean promised = status.startsWith("2") || status.startsWith("3");
            if (!promised) {
                continue;
            }
            JsonNode then = now.path(status);
            if (then.isMissingNode()) {
                breaks(place, "no longer answers " + status);
                continue;
            }
            JsonNode was = before.resolve(answer.getValue());
            JsonNode is = after.resolve(then);
            content(place + " " + status, was.path("content"), is.path("content"), Direction.ANSWER);
            was.path("headers").propertyNames().forEach(header -> {
                if (!is.path("headers").has(header)) {
                    breaks(place + " " + status, "no longer has the header " + header);
                }
            });
            is.path("headers").propertyNames().forEach(header -> {
                if (!was.path("headers").has(header)) {
                    adds(place + " " + status, "has the header " + header);
                }
            });
        }
        for (String status : now.propertyNames()) {
            if (!old.has(status)) {
                adds(place, "may answer " + status);
            }
        }
    }

    private void content(String place, JsonNode old, JsonNode now, Direction direction) {
        for (Map.Entry<String, JsonNode> type : old.properties()) {
            JsonNode then = now.path(type.getKey());
            if (then.isMissingNode()) {
                breaks(place, "is no longer " + type.getKey());
            } else {
                schema(place + " " + type.getKey(), type.getValue().path("schema"), then.path("schema"), direction);
            }
        }
        for (String type : now.propertyNames()) {
            if (!old.has(type) && !old.isEmpty()) {
                adds(place, "may be " + type);
            }
        }
    }

    private void schema(String place, JsonNode old, JsonNode now, Direction direction) {
        String name = old.path("$ref").asString("").replaceFirst(".*/", "");
        String at = name.isEmpty() ? place : name;
        if (!name.isEmpty() && !compared.add(old.path("$ref") + " " + now.path("$ref") + direction)) {
            return;
        }
        JsonNode was = before.resolve(old);
        JsonNode is = after.resolve(now);
        types(at, was, is, direction);
        words(at, was, is);
        properties(at, was, is, direction);
        if (was.has("items") && is.has("items")) {
            schema(at + "[]", was.path("items"), is.path("items"), direction);
        }
        if (was.path("additionalProperties").isObject()
                && is.path("additionalProperties").isObject()) {
            schema(at + "{}", was.path("additionalProperties"), is.path("additionalProperties"), direction);
        }
        kinds(at, was, is, direction);
    }

    private void types(String place, JsonNode was, JsonNode is, Direction direction) {
        Set<String> old = typesOf(was);
        Set<String> now = typesOf(is);
        if (old.equals(now)) {
            if (!was.path("format").equals(is.path("format"))) {
                breaks(
                        place,
                        "was of the format " + was.path("format").asString("none") + " and is of the format "
                                + is.path("format").asString("none"));
            }
            return;
        }
        boolean wider = now.containsAll(old) && !old.isEmpty() || now.isEmpty();
        boolean narrower = old.containsAll(now) && !now.isEmpty() || old.isEmpty();
        boolean harmless = direction == Direction.REQUEST ? wider : narrower;
        String what = "was " + shown(old) + " and is " + shown(now);
        if (harmless) {
            adds(place, what);
        } else {
            breaks(place, what);
        }
    }

    private void words(String place, JsonNode was, JsonNode is) {
        if (!was.has("enum") && !is.has("enum")) {
            return;
        }
        if (!was.has("enum")) {
            breaks(place, "was any text and is one of " + texts(is.path("enum")));
        } else if (!is.has("enum")) {
            adds(place, "may be any text");
        } else {
            Set<String> gone = texts(was.path("enum"));
            gone.removeAll(texts(is.path("enum")));
            Set<String> fresh = texts(is.path("enum"));
            fresh.removeAll(texts(was.path("enum")));
            if (!gone.isEmpty()) {
                breaks(place, "is no longer " + String.join(", ", gone));
            }
            if (!fresh.isEmpty()) {
                adds(place, "may be " + String.join(", ", fresh));
            }
        }
    }

    private void properties(String place, JsonNode was, JsonNode is, Direction direction) {
        Set<String> requiredBefore = texts(was.path("required"));
        Set<String> requiredNow = texts(is.path("required"));
        for (Map.Entry<String, JsonNode> property : was.path("properties").properties()) {
            String name = property.getKey();
            JsonNode then = is.path("properties").path(name);
            if (then.isMissingNode()) {
                breaks(place + "." + name, "is gone");
                continue;
            }
            boolean required = requiredNow.contains(name);
            boolean wasRequired = requiredBefore.contains(name);
            if (direction == Direction.REQUEST && required && !wasRequired) {
                breaks(place + "." + name, "is now required");
            } else if (direction == Direction.ANSWER && !required && wasRequired) {
                breaks(place + "." + name, "may now be absent");
            }
            schema(place + "." + name, property.getValue(), then, direction);
        }
        for (String name : is.path("properties").propertyNames()) {
            if (was.path("properties").has(name) || was.path("properties").isMissingNode()) {
                continue;
            }
            if (direction == Direction.REQUEST && requiredNow.contains(name)) {
                breaks(place + "." + name, "is new and required");
            } else {
                adds(place + "." + name, "is new");
            }
        }
    }

    private void kinds(String place, JsonNode was, JsonNode is, Direction direction) {
        for (String key : List.of("oneOf", "anyOf", "allOf")) {
            Map<String, JsonNode> old = kindsOf(before, was.path(key));
            Map<String, JsonNode> now = kindsOf(after, is.path(key));
            old.forEach((name, kind) -> {
                JsonNode then = now.get(name);
                if (then == null) {
                    breaks(place, "is no longer " + name);
                } else {
                    schema(place, kind, then, direction);
                }
            });
            now.keySet().stream().filter(name -> !old.containsKey(name)).forEach(name -> {
                if (name.equals("null") && direction == Direction.ANSWER) {
                    breaks(place, "may now be null");
                } else {
                    adds(place, "may be " + name);
                }
            });
        }
    }

    private void problems() {
        JsonNode old = before.root().path("components").path("responses");
        JsonNode now = after.root().path("components").path("responses");
        now.propertyNames().stream().filter(kind -> !old.has(kind)).forEach(kind -> adds("problem " + kind, "is new"));
        old.propertyNames().stream()
                .filter(kind -> !now.has(kind))
                .forEach(kind -> breaks("problem " + kind, "is gone"));
    }

    private void breaks(String place, String what) {
        changes.add(new Change(true, place, what));
    }

    private void adds(String place, String what) {
        changes.add(new Change(false, place, what));
    }

    private static Map<String, JsonNode> byPlace(ContractDocument document) {
        Map<String, JsonNode> found = new LinkedHashMap<>();
        document.operations().forEach(one -> found.put(one.place(), one.node()));
        return found;
    }

    private static Map<String, JsonNode> parametersOf(ContractDocument document, JsonNode operation) {
        Map<String, JsonNode> found = new LinkedHashMap<>();
        operation.path("parameters").forEach(parameter -> {
            JsonNode resolved = document.resolve(parameter);
            found.put(
                    "the " + resolved.path("in").asString() + " parameter "
                            + resolved.path("name").asString(),
                    resolved);
        });
        return found;
    }

    private static Map<String, JsonNode> kindsOf(ContractDocument document, JsonNode list) {
        Map<String, JsonNode> found = new LinkedHashMap<>();
        int place = 0;
        for (JsonNode one : list) {
            String reference = one.path("$ref").asString("").replaceFirst(".*/", "");
            String type = String.join("|", typesOf(document.resolve(one)));
            found.put(reference.isEmpty() ? type.isEmpty() ? "kind " + place : type : reference, one);
            place++;
        }
        return found;
    }

    private static Set<String> typesOf(JsonNode schema) {
        JsonNode type = schema.path("type");
        return type.isString() ? new TreeSet<>(Set.of(type.asString())) : texts(type);
    }

    private static Set<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(one -> texts.add(one.isNull() ? "null" : one.asString()));
        return new TreeSet<>(texts);
    }

    private static String shown(Set<String> types) {
        return types.isEmpty() ? "anything" : String.join(" or ", types);
    }
}
