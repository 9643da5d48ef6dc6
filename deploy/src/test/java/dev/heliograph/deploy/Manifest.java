package dev.heliograph.deploy;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One Kubernetes object, as rendered. */
record Manifest(YamlNode node) {

    static List<Manifest> parse(String yaml) {
        return YamlNode.documents(yaml).stream().map(Manifest::new).toList();
    }

    String kind() {
        return node.at("kind").text();
    }

    String name() {
        return node.at("metadata", "name").text();
    }

    /** Kind and name, for messages. */
    String id() {
        return kind() + "/" + name();
    }

    String component() {
        return node.at("metadata", "labels", "app.kubernetes.io/component").text();
    }

    /** The pod specification of a workload or of a pod; absent for other kinds. */
    YamlNode pod() {
        return kind().equals("Pod") ? node.at("spec") : node.at("spec", "template", "spec");
    }

    /** Labels of the workload's pods. */
    Map<String, String> podLabels() {
        return strings(
                kind().equals("Pod")
                        ? node.at("metadata", "labels")
                        : node.at("spec", "template", "metadata", "labels"));
    }

    boolean runsPods() {
        return pod().at("containers").present();
    }

    /** Containers and init containers. */
    List<YamlNode> containers() {
        return Stream.concat(pod().at("containers").items().stream(), pod().at("initContainers").items().stream())
                .toList();
    }

    /** A map of strings. */
    static Map<String, String> strings(YamlNode node) {
        return node.map().entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> String.valueOf(entry.getValue())));
    }
}
