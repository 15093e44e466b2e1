package io.github.softgrad.bench;

import io.github.softgrad.bench.report.Report;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/// The programs of the benchmark JAR; whatever is none of them goes to JMH.
///
/// - `external`: takes part in the measurements of another program, see [External].
/// - `rows`: measures a suite and writes a file of rows, see [Rows].
/// - `report`: tables and charts from files of rows, see [Report].
/// - `startup`: from the start of a virtual machine to the first gradient, see [Startup].
public final class Main {
    private Main() {}

    /// Runs one of the programs.
    public static void main(String... arguments) throws IOException {
        List<String> rest = Arrays.asList(arguments).subList(Math.min(1, arguments.length), arguments.length);
        try {
            switch (arguments.length == 0 ? "" : arguments[0]) {
                case "external" -> External.main(rest);
                case "rows" -> Rows.main(rest);
                case "report" -> Report.main(rest);
                case "startup" -> Startup.main(rest);
                default -> org.openjdk.jmh.Main.main(arguments);
            }
        } catch (IllegalArgumentException mistake) {
            System.err.println(mistake.getMessage());
            System.exit(2);
        }
    }
}
