package dev.heliograph.benchmarks;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Command line of the benchmarks. */
@Command(
        name = "benchmarks",
        description = "Measures a running Heliograph from outside.",
        mixinStandardHelpOptions = true,
        subcommands = {LatencyBenchmark.class, ThroughputBenchmark.class, StoreBenchmark.class})
public final class BenchmarkApplication {
    private BenchmarkApplication() {}

    /** Runs the benchmark that the arguments name and exits with 0 if its checks held. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new BenchmarkApplication()).execute(arguments));
    }
}
