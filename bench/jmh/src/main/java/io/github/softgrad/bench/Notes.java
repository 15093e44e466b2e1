package io.github.softgrad.bench;

import io.github.softgrad.bench.cases.Case;
import io.github.softgrad.bench.cases.Cases;
import io.github.softgrad.bench.cases.Stopwatch;
import java.util.ArrayList;
import java.util.List;

/// What a reader of a row has to know.
final class Notes {
    private Notes() {}

    /// Remarks on a measurement whose last call is done.
    static String about(Stopwatch stopwatch) {
        Case what = stopwatch.work().what();
        List<String> remarks = new ArrayList<>();
        if (!stopwatch.last().isFinite()) {
            remarks.add("non-finite result");
        }
        if (what.operator().equals("transport") && what.options().tolerance() > Cases.TRANSPORT_TOLERANCE) {
            remarks.add("Newton to " + Cases.TRANSPORT_TOLERANCE + " instead of "
                    + what.options().tolerance());
        }
        if (stopwatch.callsAtOnce() > 1) {
            remarks.add("mean of " + stopwatch.callsAtOnce() + " calls");
        }
        return String.join("; ", remarks);
    }
}
