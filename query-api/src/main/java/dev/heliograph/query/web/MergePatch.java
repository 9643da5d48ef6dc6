package dev.heliograph.query.web;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** JSON Merge Patch as RFC 7396 has it: null takes a member away, objects are merged, anything else replaces. */
public final class MergePatch {
    /** What such a body is called. */
    public static final String MEDIA_TYPE = "application/merge-patch+json";

    private MergePatch() {}

    /** The target as it is after the patch; neither argument is changed. */
    public static JsonNode apply(JsonNode target, JsonNode patch) {
        if (!(patch instanceof ObjectNode changes)) {
            return patch;
        }
        ObjectNode merged =
                target instanceof ObjectNode object ? object.deepCopy() : JsonNodeFactory.instance.objectNode();
        changes.properties().forEach(member -> {
            if (member.getValue().isNull()) {
                merged.remove(member.getKey());
            } else {
                JsonNode old = merged.get(member.getKey());
                merged.set(
                        member.getKey(),
                        apply(old == null ? JsonNodeFactory.instance.nullNode() : old, member.getValue()));
            }
        });
        return merged;
    }
}
