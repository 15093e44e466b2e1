package io.github.softgrad.bench.report;

import de.erichseifert.vectorgraphics2d.Document;
import de.erichseifert.vectorgraphics2d.VectorGraphics2D;
import de.erichseifert.vectorgraphics2d.svg.SVGProcessor;
import de.erichseifert.vectorgraphics2d.util.PageSize;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.knowm.xchart.XYChart;

/// One picture of several charts under a common title.
///
/// @param name the name of its files, without the ending
/// @param title what all charts show
/// @param rows the charts, row by row
record Panels(String name, String title, List<List<XYChart>> rows) {
    /// The size of one chart.
    static final int WIDTH = 420;

    static final int HEIGHT = 320;
    private static final int TITLE = 40;

    private int width() {
        return WIDTH * rows.stream().mapToInt(List::size).max().orElse(1);
    }

    private int height() {
        return TITLE + HEIGHT * rows.size();
    }

    /// Writes `name.png`, at twice the size, and `name.svg`.
    void write(Path directory) throws IOException {
        BufferedImage image = new BufferedImage(2 * width(), 2 * height(), BufferedImage.TYPE_INT_RGB);
        Graphics2D pixels = image.createGraphics();
        pixels.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        pixels.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        pixels.scale(2, 2);
        paint(pixels);
        pixels.dispose();
        ImageIO.write(image, "png", directory.resolve(name + ".png").toFile());

        VectorGraphics2D vectors = new VectorGraphics2D();
        paint(vectors);
        Document document = new SVGProcessor().getDocument(vectors.getCommands(), new PageSize(width(), height()));
        try (OutputStream file = Files.newOutputStream(directory.resolve(name + ".svg"))) {
            document.writeTo(file);
        }
    }

    private void paint(Graphics2D graphics) {
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, width(), height());
        graphics.setColor(Color.BLACK);
        graphics.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 18));
        graphics.drawString(title, 16, 27);
        for (int row = 0; row < rows.size(); row++) {
            for (int column = 0; column < rows.get(row).size(); column++) {
                Graphics2D part = (Graphics2D) graphics.create();
                part.translate(column * WIDTH, TITLE + row * HEIGHT);
                rows.get(row).get(column).paint(part, WIDTH, HEIGHT);
                part.dispose();
            }
        }
    }
}
