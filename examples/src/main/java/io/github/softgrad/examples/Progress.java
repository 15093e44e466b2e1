package io.github.softgrad.examples;

import java.io.Console;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/// A progress bar where there is a terminal, and one line at the end where there is none.
final class Progress implements AutoCloseable {
    private final String task;
    private final long steps;
    private final long start = System.nanoTime();
    private final ProgressBar bar;

    Progress(String task, long steps) {
        this.task = task;
        this.steps = steps;
        Console console = System.console();
        bar = console != null && console.isTerminal() ? bar(task, steps) : null;
    }

    private static ProgressBar bar(String task, long steps) {
        return new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(steps)
                .setStyle(ProgressBarStyle.COLORFUL_UNICODE_BAR)
                .setUpdateIntervalMillis(100)
                .build();
    }

    /// One step is done.
    void step(double loss) {
        if (bar != null) {
            bar.setExtraMessage(String.format(Locale.ROOT, "loss %.4f", loss));
            bar.step();
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        } else {
            double seconds = (System.nanoTime() - start) / 1e9;
            System.out.printf(Locale.ROOT, "%s: %d steps in %.1f s%n", task, steps, seconds);
        }
    }
}
