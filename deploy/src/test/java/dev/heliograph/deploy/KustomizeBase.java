package dev.heliograph.deploy;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The plain manifests of {@code k8s/base}: the chart's, without what only Helm understands, one file a component. */
final class KustomizeBase {
    private static final String HEADER =
            "# Rendered from the chart with k8s/values.yaml; do not edit. deploy/README.md says how to render it again.\n";

    private KustomizeBase() {}

    /** Content by file name, the list of resources included. */
    static Map<String, String> render() {
        String rendered = Chart.render(Tree.path("k8s/values.yaml"));
        Map<String, String> files = Arrays.stream(rendered.split("(?m)^---\\s*$"))
                .map(KustomizeBase::withoutHelm)
                .filter(document -> !YamlNode.documents(document).isEmpty())
                .collect(Collectors.groupingBy(
                        KustomizeBase::fileOf, TreeMap::new, Collectors.joining("---\n", HEADER, "")));
        String resources =
                files.keySet().stream().map(file -> "  - " + file + "\n").collect(Collectors.joining());
        files.put("kustomization.yaml", HEADER + """
                apiVersion: kustomize.config.k8s.io/v1beta1
                kind: Kustomization
                resources:
                """ + resources);
        return files;
    }

    private static String withoutHelm(String document) {
        String kept = document.lines()
                .filter(line -> !line.startsWith("# Source: "))
                .filter(line -> !line.strip().startsWith("helm.sh/chart:"))
                .filter(line -> !line.strip().startsWith("app.kubernetes.io/managed-by:"))
                .filter(line -> !line.isBlank())
                .collect(Collectors.joining("\n"));
        return kept.isEmpty() ? "" : kept + "\n";
    }

    private static String fileOf(String document) {
        String component = new Manifest(YamlNode.document(document)).component();
        return (component.isEmpty() ? "common" : component) + ".yaml";
    }
}
