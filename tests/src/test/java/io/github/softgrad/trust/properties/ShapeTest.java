package io.github.softgrad.trust.properties;

import io.github.softgrad.Autodiff;
import io.github.softgrad.Tensor;
import io.github.softgrad.trust.properties.Operator.Result;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/// What does not matter: the other rows of a batch, where the axis is, and how many threads there are.
@ResourceLock(Resources.SYSTEM_PROPERTIES)
class ShapeTest {
    private static final String THREADS = "softgrad.threads";

    // --- rows -----------------------------------------------------------------------------------------------------

    /// Neither numbers nor NaN in the others change a bit of a row.
    @Test
    void rowsOfABatchDoNotInfluenceEachOther() {
        Cases.of("rows do not influence each other", each -> true).upTo(40, 200).check(2600, each -> {
            SplittableRandom random = new SplittableRandom(each.index());
            int row = random.nextInt(each.rows());
            Case others = each.with(amongOthers(each, row, random));
            Tensor expected = each.apply();
            Tensor actual = others.apply();
            Case.identical(expected.get(row), actual.get(row), "row " + row + " among others");
            Case alone = each.with(each.x().slice(0, row, row + 1));
            alone.same(expected.slice(0, row, row + 1), alone.apply(), "row " + row + " alone");
        });
    }

    private static Tensor amongOthers(Case each, int kept, SplittableRandom random) {
        int n = each.n();
        double[] numbers = each.x().toDoubles();
        for (int row = 0; row < each.rows(); row++) {
            Inputs kind = Inputs.values()[random.nextInt(Inputs.values().length)];
            double[] other = kind.line(random, n);
            if (random.nextInt(4) == 0) {
                other[random.nextInt(n)] = Double.NaN;
            }
            System.arraycopy(row == kept ? each.line(row) : other, 0, numbers, row * n, n);
        }
        return Tensor.of(each.x().shape(), numbers);
    }

    // --- axes -----------------------------------------------------------------------------------------------------

    @Test
    void anyAxisGivesWhatTheLastOneGives() {
        Cases.of("any axis is as good as the last", each -> true).upTo(6, 60).check(2600, each -> {
            Tensor result = each.apply();
            Result kind = each.combination().result();
            boolean isReduced = kind == Result.VALUE || kind == Result.INDEX;
            Tensor flipped = along(each, each.x().swapAxes(0, 1), 0);
            Case.identical(result, isReduced ? flipped : flipped.swapAxes(0, 1), "along axis 0 of 2");
            Tensor middle = along(each, each.x().expandDims(2), 1);
            Case.identical(result, middle.squeeze(isReduced ? 1 : 2), "along axis 1 of 3");
            Tensor last = along(each, each.x().expandDims(0), -1);
            Case.identical(result, last.squeeze(0), "along axis -1 of 3");
        });
    }

    private static Tensor along(Case each, Tensor x, int axis) {
        return each.combination().operator().apply(each.soft(), x, axis, each.share());
    }

    // --- threads --------------------------------------------------------------------------------------------------

    @Test
    void oneThreadGivesTheBitsOfMany() {
        String before = System.getProperty(THREADS);
        try {
            Cases.of("one thread equals many", each -> true).upTo(1000, 200).check(60, 150, ShapeTest::checkThreads);
        } finally {
            if (before == null) {
                System.clearProperty(THREADS);
            } else {
                System.setProperty(THREADS, before);
            }
        }
    }

    private static void checkThreads(Case each) {
        Function<Tensor, Tensor> operator = each::apply;
        System.setProperty(THREADS, "1");
        Tensor alone = each.apply();
        Tensor gradientAlone = Autodiff.vjp(operator, each.x()).pull(alone);
        System.setProperty(THREADS, "5");
        Case.identical(alone, each.apply(), "with five threads");
        Case.identical(gradientAlone, Autodiff.vjp(operator, each.x()).pull(alone), "gradient with five threads");
    }
}
