package io.github.softgrad.examples;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/// Charts on white, in colours that the colour-blind can tell apart (Okabe and Ito, Color Universal Design,
/// 2008).
final class Plots {
    static final Color BLACK = Color.BLACK;
    static final Color GREY = new Color(0xB0B0B0);
    static final Color BLUE = new Color(0x0072B2);
    static final Color GREEN = new Color(0x009E73);
    static final Color ORANGE = new Color(0xE69F00);
    static final Color PURPLE = new Color(0xCC79A7);
    static final Color RED = new Color(0xD55E00);

    static {
        System.setProperty("java.awt.headless", "true");
    }

    private Plots() {}

    /// Where plots go: the directory given as the first argument, or `examples/target/plots`.
    static Path directory(String... arguments) {
        return arguments.length > 0 ? Path.of(arguments[0]) : Path.of("examples", "target", "plots");
    }

    static XYChart chart(String title, String x, String y) {
        XYChart chart = new XYChartBuilder()
                .width(1000)
                .height(600)
                .title(title)
                .xAxisTitle(x)
                .yAxisTitle(y)
                .build();
        XYStyler style = chart.getStyler();
        style.setDefaultSeriesRenderStyle(XYSeriesRenderStyle.Line);
        style.setChartBackgroundColor(Color.WHITE)
                .setPlotBorderVisible(false)
                .setChartTitleBoxVisible(false)
                .setChartTitleFont(font(Font.BOLD, 21))
                .setLegendFont(font(Font.PLAIN, 17))
                .setLegendPosition(LegendPosition.OutsideS)
                .setLegendLayout(LegendLayout.Horizontal)
                .setLegendBorderColor(Color.WHITE)
                .setLegendSeriesLineLength(30)
                .setMarkerSize(7)
                .setDecimalPattern("0.####")
                .setChartPadding(16);
        style.setAxisTitleFont(font(Font.PLAIN, 18))
                .setAxisTickLabelsFont(font(Font.PLAIN, 16))
                .setPlotGridLinesColor(new Color(0xE4E4E4))
                .setPlotGridLinesStroke(new BasicStroke(1));
        return chart;
    }

    private static Font font(int style, int size) {
        return new Font(Font.SANS_SERIF, style, size);
    }

    static XYSeries line(XYChart chart, String name, double[] x, double[] y, Color color) {
        return line(chart, name, x, y, color, new BasicStroke(2.5f));
    }

    static XYSeries dashed(XYChart chart, String name, double[] x, double[] y, Color color) {
        float[] pattern = {9, 7};
        return line(
                chart,
                name,
                x,
                y,
                color,
                new BasicStroke(2.5f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, pattern, 0));
    }

    private static XYSeries line(XYChart chart, String name, double[] x, double[] y, Color color, BasicStroke stroke) {
        XYSeries series = chart.addSeries(name, x, y);
        series.setMarker(SeriesMarkers.NONE).setLineColor(color).setLineStyle(stroke);
        return series;
    }

    static void points(XYChart chart, String name, double[] x, double[] y, Color color, Marker marker) {
        XYSeries series = chart.addSeries(name, x, y);
        series.setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter);
        series.setMarker(marker).setMarkerColor(color);
    }

    /// Writes charts side by side into one PNG file and says so.
    static void save(Path directory, String name, int columns, XYChart... charts) throws IOException {
        Path file = Files.createDirectories(directory).resolve(name + ".png");
        int rows = (charts.length + columns - 1) / columns;
        try (var out = Files.newOutputStream(file)) {
            BitmapEncoder.saveBitmap(List.of(charts), rows, columns, out, BitmapEncoder.BitmapFormat.PNG);
        }
        System.out.println("plot: " + file);
    }
}
