package io.github.softgrad.bench.report;

import io.github.softgrad.bench.cases.Case;
import io.github.softgrad.bench.cases.Row;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/// The rows of several libraries, laid side by side.
///
/// Of several rows of one library for one case the fastest counts. Projections and transport have one
/// definition but many algorithms, which peers give as the method: there the case is compared whatever its
/// method, and the algorithm becomes part of the peer's name.
final class Comparison {
    /// What two rows must share to be compared, without the length of a line.
    record Line(
            String operator,
            String method,
            String mode,
            boolean backward,
            String dtype,
            int batch,
            int threads,
            OptionalDouble eps) {
        static Line of(Case what) {
            return new Line(
                    what.operator(),
                    methodThatMatters(what),
                    what.mode(),
                    what.backward(),
                    Case.dtypeName(what.dtype()),
                    what.batch(),
                    what.threads(),
                    what.eps());
        }

        String pass() {
            return Case.passName(backward);
        }

        @Override
        public String toString() {
            String relaxation = method.isEmpty() ? mode : method + " " + mode;
            String softness = eps.isPresent() ? ", eps " + eps.getAsDouble() : "";
            return "%s, %s, %s, batch %d, %s, %d thread%s%s"
                    .formatted(operator, relaxation, dtype, batch, pass(), threads, threads == 1 ? "" : "s", softness);
        }
    }

    /// One case of which the subject has a time.
    ///
    /// @param line the case without its length
    /// @param n the length
    /// @param ours the nanoseconds of the subject
    /// @param theirs those of the peer
    record Pair(Line line, int n, double ours, double theirs) {
        /// How many times faster the subject is.
        double ratio() {
            return theirs / ours;
        }
    }

    private final String subject;
    private final Map<String, Map<Line, TreeMap<Integer, Row>>> libraries = new LinkedHashMap<>();

    /// Takes all rows.
    ///
    /// @param subject the library that is compared with the others
    Comparison(String subject, Collection<Row> rows) {
        this.subject = subject;
        for (Row row : rows) {
            libraries
                    .computeIfAbsent(library(row), unused -> new LinkedHashMap<>())
                    .computeIfAbsent(Line.of(row.what()), unused -> new TreeMap<>())
                    .merge(row.what().n(), row, Comparison::faster);
        }
    }

    private String library(Row row) {
        boolean algorithm = !row.what().method().equals(methodThatMatters(row.what()));
        return algorithm && !row.peer().equals(subject)
                ? row.peer() + " " + row.what().method()
                : row.peer();
    }

    private static String methodThatMatters(Case what) {
        return switch (what.operator()) {
            case "transport", "simplex_proj" -> "";
            case "perm_proj" -> what.method().equals("smooth_sort") ? what.method() : "";
            default -> what.method();
        };
    }

    private static Row faster(Row first, Row second) {
        return first.minNanos().orElse(Long.MAX_VALUE) <= second.minNanos().orElse(Long.MAX_VALUE) ? first : second;
    }

    String subject() {
        return subject;
    }

    /// All libraries but the subject, in the order of the files.
    List<String> peers() {
        return libraries.keySet().stream().filter(name -> !name.equals(subject)).toList();
    }

    /// The rows of a library by length; none if it has no such line.
    Map<Integer, Row> rows(String library, Line line) {
        return libraries.getOrDefault(library, Map.of()).getOrDefault(line, new TreeMap<>());
    }

    /// The lines of the subject, sorted to be read.
    List<Line> lines() {
        Comparator<Line> order = Comparator.comparing(Line::operator)
                .thenComparing(Line::method)
                .thenComparing(
                        line -> List.of("hard", "smooth", "c0", "c1", "c2").indexOf(line.mode()))
                .thenComparing(Line::dtype)
                .thenComparing(Line::batch)
                .thenComparing(Line::threads)
                .thenComparing(line -> line.eps().orElse(0))
                .thenComparing(Line::backward);
        return libraries.getOrDefault(subject, Map.of()).keySet().stream()
                .sorted(order)
                .toList();
    }

    /// The time of a case.
    Optional<Double> nanos(String library, Line line, int n) {
        Row row = rows(library, line).get(n);
        return row == null || row.minNanos().isEmpty()
                ? Optional.empty()
                : Optional.of((double) row.minNanos().getAsLong());
    }

    /// The lengths at which a library has a time, ascending, with the times.
    Map<Integer, Double> times(String library, Line line) {
        Map<Integer, Double> times = new TreeMap<>();
        rows(library, line).keySet().forEach(n -> nanos(library, line, n).ifPresent(time -> times.put(n, time)));
        return times;
    }

    /// All cases that both the subject and the peer have a time of.
    List<Pair> pairs(String peer) {
        return lines().stream()
                .flatMap(line -> times(subject, line).entrySet().stream()
                        .flatMap(ours -> nanos(peer, line, ours.getKey())
                                .map(theirs -> new Pair(line, ours.getKey(), ours.getValue(), theirs))
                                .stream()))
                .toList();
    }
}
