package io.github.softgrad.bench.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/// Pictures of a comparison: for each operator and mode the time over n, both logarithmic, with a column of
/// panels for each method and a row for each pass. Colours are those that the colour-blind can tell apart
/// (Okabe and Ito, Color Universal Design, 2008).
final class Charts {
    private static final Color SUBJECT = new Color(0x0072B2);
    private static final List<Color> PEERS = List.of(
            new Color(0xD55E00), new Color(0x009E73), new Color(0xCC79A7), new Color(0xE69F00), new Color(0x56B4E9));
    private static final List<Marker> MARKERS = List.of(
            SeriesMarkers.SQUARE,
            SeriesMarkers.DIAMOND,
            SeriesMarkers.TRIANGLE_UP,
            SeriesMarkers.TRIANGLE_DOWN,
            SeriesMarkers.CROSS);

    private final Comparison comparison;
    private final List<String> peers;

    Charts(Comparison comparison, List<String> peers) {
        this.comparison = comparison;
        this.peers = peers;
    }

    /// What one picture shows.
    private record Subject(String operator, String mode, String dtype, int batch, int threads, String softness) {
        static Subject of(Comparison.Line line) {
            String softness = line.eps().isPresent() ? "eps " + line.eps().getAsDouble() : "";
            return new Subject(line.operator(), line.mode(), line.dtype(), line.batch(), line.threads(), softness);
        }

        String title() {
            return "%s, %s, %s, batch %d, %d thread%s%s"
                    .formatted(
                            operator,
                            mode,
                            dtype,
                            batch,
                            threads,
                            threads == 1 ? "" : "s",
                            softness.isEmpty() ? "" : ", " + softness);
        }

        String name() {
            return title().replace(", ", "-").replace(' ', '_');
        }
    }

    /// The pictures, of lines that were measured at two lengths or more.
    List<Panels> all() {
        Map<Subject, List<Comparison.Line>> pictures = comparison.lines().stream()
                .filter(line -> comparison.times(comparison.subject(), line).size() >= 2)
                .collect(Collectors.groupingBy(Subject::of, LinkedHashMap::new, Collectors.toList()));
        List<Panels> all = new ArrayList<>();
        pictures.forEach((subject, lines) -> all.add(picture(subject, lines)));
        return all;
    }

    private Panels picture(Subject subject, List<Comparison.Line> lines) {
        List<List<XYChart>> rows = new ArrayList<>();
        for (boolean backward : new boolean[] {false, true}) {
            List<XYChart> panels = lines.stream()
                    .filter(line -> line.backward() == backward)
                    .map(line -> panel(line, lines))
                    .toList();
            if (!panels.isEmpty()) {
                rows.add(panels);
            }
        }
        return new Panels(subject.name(), subject.title(), rows);
    }

    private XYChart panel(Comparison.Line line, List<Comparison.Line> shared) {
        String relaxation = line.method().isEmpty() ? line.operator() : line.method();
        XYChart chart = new XYChartBuilder()
                .width(Panels.WIDTH)
                .height(Panels.HEIGHT)
                .title(relaxation + (line.backward() ? ", forward and backward" : ", forward"))
                .xAxisTitle("n")
                .yAxisTitle("time of a call (µs)")
                .build();
        style(chart.getStyler());
        limits(chart.getStyler(), shared);
        series(chart, comparison.subject(), line, SUBJECT, SeriesMarkers.CIRCLE);
        for (int i = 0; i < peers.size(); i++) {
            series(chart, peers.get(i), line, PEERS.get(i % PEERS.size()), MARKERS.get(i % MARKERS.size()));
        }
        return chart;
    }

    private void series(XYChart chart, String library, Comparison.Line line, Color color, Marker marker) {
        Map<Integer, Double> times = comparison.times(library, line);
        if (times.isEmpty()) {
            return;
        }
        double[] lengths = times.keySet().stream().mapToDouble(n -> n).toArray();
        double[] micros =
                times.values().stream().mapToDouble(nanos -> nanos / 1e3).toArray();
        XYSeries series = chart.addSeries(library, lengths, micros);
        series.setLineColor(color);
        series.setLineStyle(new BasicStroke(2.2f));
        series.setMarker(marker);
        series.setMarkerColor(color);
    }

    /// Whole decades, the same in all panels of a picture.
    private void limits(XYStyler style, List<Comparison.Line> shared) {
        List<String> libraries = new ArrayList<>(peers);
        libraries.add(comparison.subject());
        List<Map.Entry<Integer, Double>> points = shared.stream()
                .flatMap(line -> libraries.stream().flatMap(name -> comparison.times(name, line).entrySet().stream()))
                .toList();
        double[] lengths = points.stream().mapToDouble(Map.Entry::getKey).toArray();
        double[] micros =
                points.stream().mapToDouble(point -> point.getValue() / 1e3).toArray();
        style.setXAxisMin(decadeBelow(lengths)).setXAxisMax(decadeAbove(lengths));
        style.setYAxisMin(decadeBelow(micros)).setYAxisMax(decadeAbove(micros));
    }

    private static double decadeBelow(double[] numbers) {
        double least = Arrays.stream(numbers).min().orElseThrow();
        return Math.pow(10, Math.floor(Math.log10(least)));
    }

    private static double decadeAbove(double[] numbers) {
        double greatest = Arrays.stream(numbers).max().orElseThrow();
        return Math.pow(10, Math.floor(Math.log10(greatest)) + 1);
    }

    private static void style(XYStyler style) {
        style.setXAxisLogarithmic(true).setYAxisLogarithmic(true);
        style.setChartBackgroundColor(Color.WHITE)
                .setPlotBorderVisible(false)
                .setChartTitleBoxVisible(false)
                .setChartTitleFont(font(Font.BOLD, 15))
                .setLegendFont(font(Font.PLAIN, 13))
                .setLegendPosition(Styler.LegendPosition.InsideNW)
                .setLegendBorderColor(Color.WHITE)
                .setLegendSeriesLineLength(24)
                .setMarkerSize(7)
                .setChartPadding(8);
        style.setAxisTitleFont(font(Font.PLAIN, 13))
                .setAxisTickLabelsFont(font(Font.PLAIN, 12))
                .setPlotGridLinesColor(new Color(0xE4E4E4))
                .setPlotGridLinesStroke(new BasicStroke(1));
    }

    private static Font font(int style, int size) {
        return new Font(Font.SANS_SERIF, style, size);
    }
}
