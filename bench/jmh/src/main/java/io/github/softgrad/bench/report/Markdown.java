package io.github.softgrad.bench.report;

import io.github.softgrad.bench.cases.Row;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The tables of a comparison, in Markdown.
final class Markdown {
    private final Comparison comparison;
    private final String subject;
    private final List<String> text = new ArrayList<>();

    private Markdown(Comparison comparison) {
        this.comparison = comparison;
        subject = comparison.subject();
    }

    /// All tables: against each of the peers, then what has no peer, then what went wrong.
    static String of(Comparison comparison, List<String> peers) {
        Markdown markdown = new Markdown(comparison);
        markdown.text.add("# " + markdown.subject + ", measured");
        markdown.paragraph("Times are the fastest call, in milliseconds. A ratio xR says that " + markdown.subject
                + " is R times as fast as the peer; where the peer is faster it is bold. The exponent is the slope of"
                + " log time over log n, from n = 256 on where there are two such lengths. Rows of different runs are"
                + " only comparable as far as the machine was as quiet in the one as in the other.");
        for (String peer : peers) {
            if (!comparison.pairs(peer).isEmpty()) {
                markdown.against(peer);
            }
        }
        markdown.alone(peers);
        markdown.failures();
        return String.join("\n", markdown.text).replaceAll("\n{3,}", "\n\n").strip() + "\n";
    }

    private void paragraph(String words) {
        text.add("");
        text.add(words);
        text.add("");
    }

    private void header(String... columns) {
        row(List.of(columns));
        row(Collections.nCopies(columns.length, "---"));
    }

    private void row(List<String> cells) {
        text.add("| " + String.join(" | ", cells) + " |");
    }

    private void against(String peer) {
        paragraph("## Against " + peer);
        List<Comparison.Pair> pairs = comparison.pairs(peer);
        means(pairs);
        slower(peer, pairs);
        Map<String, List<Comparison.Line>> operators = pairs.stream()
                .map(Comparison.Pair::line)
                .distinct()
                .collect(Collectors.groupingBy(
                        Comparison.Line::operator, LinkedHashMap::new, Collectors.toCollection(ArrayList::new)));
        operators.forEach((operator, lines) -> {
            paragraph("### " + operator + ", against " + peer);
            table(peer, lines);
        });
    }

    private void means(List<Comparison.Pair> pairs) {
        header("geometric mean of", "cells", "ratio", "least", "greatest", "slower cells");
        mean("everything", pairs);
        means(pairs, line -> line.pass());
        means(pairs, line -> line.operator() + ", " + line.pass());
        means(pairs, line -> (line.method().isEmpty() ? line.operator() : line.method()) + ", " + line.mode());
        text.add("");
    }

    private void means(List<Comparison.Pair> pairs, Function<Comparison.Line, String> group) {
        pairs.stream()
                .collect(Collectors.groupingBy(
                        pair -> group.apply(pair.line()), LinkedHashMap::new, Collectors.toList()))
                .forEach(this::mean);
    }

    private void mean(String name, List<Comparison.Pair> pairs) {
        List<Double> ratios =
                pairs.stream().map(Comparison.Pair::ratio).sorted().toList();
        long slower = ratios.stream().filter(ratio -> ratio < 1).count();
        row(List.of(
                name,
                Integer.toString(ratios.size()),
                Figures.ratio(Figures.geometricMean(pairs)),
                Figures.ratio(ratios.getFirst()),
                Figures.ratio(ratios.getLast()),
                Long.toString(slower)));
    }

    private void slower(String peer, List<Comparison.Pair> pairs) {
        List<Comparison.Pair> slower = pairs.stream()
                .filter(pair -> pair.ratio() < 1)
                .sorted(Comparator.comparingDouble(Comparison.Pair::ratio))
                .toList();
        if (slower.isEmpty()) {
            paragraph("No cell is slower than " + peer + ".");
            return;
        }
        paragraph("Slower than " + peer + ":");
        header("case", "n", subject + " ms", peer + " ms", "ratio");
        for (Comparison.Pair pair : slower) {
            row(List.of(
                    pair.line().toString(),
                    Integer.toString(pair.n()),
                    Figures.milliseconds(pair.ours()),
                    Figures.milliseconds(pair.theirs()),
                    Figures.ratio(pair.ratio())));
        }
        text.add("");
    }

    private void table(String peer, List<Comparison.Line> lines) {
        TreeSet<Integer> lengths = new TreeSet<>();
        lines.forEach(line -> lengths.addAll(comparison.rows(subject, line).keySet()));
        List<String> columns = new ArrayList<>(List.of("method", "mode", "dtype", "batch", "threads", "pass"));
        lengths.forEach(n -> columns.add("n = " + n));
        columns.add("exponent");
        if (!peer.isEmpty()) {
            columns.add(peer + " exponent");
        }
        header(columns.toArray(String[]::new));
        for (Comparison.Line line : lines) {
            List<String> cells = new ArrayList<>(List.of(
                    line.method()
                            + (line.eps().isPresent() ? "eps " + line.eps().getAsDouble() : ""),
                    line.mode(),
                    line.dtype(),
                    Integer.toString(line.batch()),
                    Integer.toString(line.threads()),
                    line.pass()));
            lengths.forEach(n -> cells.add(cell(peer, line, n)));
            cells.add(exponent(subject, line));
            if (!peer.isEmpty()) {
                cells.add(exponent(peer, line));
            }
            row(cells);
        }
    }

    private String exponent(String library, Comparison.Line line) {
        return Figures.exponent(comparison.times(library, line))
                .map(slope -> String.format(Locale.ROOT, "%.2f", slope))
                .orElse("");
    }

    private String cell(String peer, Comparison.Line line, int n) {
        Row row = comparison.rows(subject, line).get(n);
        if (row == null) {
            return "";
        }
        if (row.minNanos().isEmpty()) {
            return "failed";
        }
        double ours = row.minNanos().getAsLong();
        String time = Figures.milliseconds(ours);
        Row other = comparison.rows(peer, line).get(n);
        if (other == null) {
            return time;
        }
        return other.minNanos().isPresent()
                ? time + " " + Figures.ratio(other.minNanos().getAsLong() / ours)
                : time + " (peer failed)";
    }

    private void alone(List<String> peers) {
        List<Comparison.Line> lines = comparison.lines().stream()
                .filter(line -> peers.stream()
                        .allMatch(peer -> comparison.times(peer, line).isEmpty()))
                .filter(line -> !comparison.times(subject, line).isEmpty())
                .toList();
        if (!lines.isEmpty()) {
            paragraph("## Without a peer");
            lines.stream()
                    .collect(Collectors.groupingBy(Comparison.Line::operator, LinkedHashMap::new, Collectors.toList()))
                    .forEach((operator, ofOperator) -> {
                        paragraph("### " + operator);
                        table("", ofOperator);
                    });
        }
    }

    private void failures() {
        List<Row> failed = comparison.lines().stream()
                .flatMap(line -> comparison.rows(subject, line).values().stream())
                .filter(row -> row.minNanos().isEmpty())
                .toList();
        if (!failed.isEmpty()) {
            paragraph("## Failed");
            failed.forEach(row -> text.add("- " + row.what() + ": " + row.error()));
        }
    }
}
