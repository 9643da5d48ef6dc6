package dev.heliograph.query.web;

import dev.heliograph.query.problem.ProblemAdvice;
import dev.heliograph.query.problem.Problems;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Applies merge patches to what callers may change. */
public final class Patches {
    private final JsonMapper json;

    public Patches(JsonMapper json) {
        this.json = json;
    }

    /**
     * The value as it is after the patch.
     *
     * @throws dev.heliograph.query.problem.ProblemException 400 if the patch is no object, or has a field that the type has
     *     not, be it only to clear it, or a value that does not fit
     */
    public <T> T apply(T value, JsonNode patch, Class<T> type) {
        if (!patch.isObject()) {
            throw Problems.badBody("", "must be an object of the fields to change");
        }
        try {
            json.treeToValue(patch, type);
            return json.treeToValue(MergePatch.apply(json.valueToTree(value), patch), type);
        } catch (JacksonException notOfThisType) {
            throw ProblemAdvice.badJson(notOfThisType);
        }
    }
}
