package dev.heliograph.query.system;

/** The version of this build. */
public record Version(String text) {
    private static final String UNPACKAGED = "0.1.0-SNAPSHOT";

    /** By the manifest of the jar; the version in development where there is none. */
    public static Version ofBuild() {
        String version = Version.class.getPackage().getImplementationVersion();
        return new Version(version == null ? UNPACKAGED : version);
    }
}
