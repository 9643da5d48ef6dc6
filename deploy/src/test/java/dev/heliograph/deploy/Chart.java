package dev.heliograph.deploy;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.TemplateCommand;
import java.nio.file.Path;
import java.util.List;

/** The chart under test, rendered by Helm's own library. */
final class Chart {
    static final Path DIRECTORY = Tree.path("helm/heliograph");
    private static final String KUBERNETES = "1.33.0";

    private Chart() {}

    /** What Helm would send to the cluster for the release {@code h} with one of the files in {@code ci/}. */
    static String render(String valuesFile, String... settings) {
        return render(DIRECTORY.resolve("ci").resolve(valuesFile), settings);
    }

    /**
     * @param valuesFile values of the release
     * @param settings further values as {@code path=value}
     * @throws IllegalStateException with Helm's message, when the chart or its schema refuses the values
     */
    static String render(Path valuesFile, String... settings) {
        FakeCluster.ensureStarted();
        TemplateCommand command = new Helm(DIRECTORY)
                .template()
                .withName("h")
                .withNamespace("plant")
                .withKubeVersion(KUBERNETES)
                .withValuesFile(valuesFile);
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            command.set(setting.substring(0, equals), setting.substring(equals + 1));
        }
        return command.call();
    }

    static List<Manifest> manifests(String valuesFile, String... settings) {
        return Manifest.parse(render(valuesFile, settings));
    }
}
