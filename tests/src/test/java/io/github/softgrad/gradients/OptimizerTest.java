package io.github.softgrad.gradients;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.softgrad.Autodiff;
import io.github.softgrad.DType;
import io.github.softgrad.Optimizer;
import io.github.softgrad.Tensor;
import io.github.softgrad.Tree;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Optimizers take the steps of their published algorithms, over any tree of parameters.
class OptimizerTest {

    record Line(Tensor slope, Tensor offset, String name) {}

    private static Tensor loss(Line line) {
        Tensor x = Tensor.linspace(-1, 1, 9);
        Tensor target = x.times(3).minus(2);
        return x.times(line.slope()).plus(line.offset()).minus(target).square().mean();
    }

    @Test
    void descentSubtractsTheGradientTimesTheRate() {
        Tensor stepped = Optimizer.sgd(0.5).step(Tensor.of(1, 2), Tensor.of(4, -2));

        assertArrayEquals(new double[] {-1, 3}, stepped.toDoubles());
    }

    /// Algorithm 1 of Kingma and Ba written out for one number.
    @Test
    void adamFollowsItsPublishedAlgorithm() {
        double[] gradients = {2, -0.5, 0, 1e-3, 7};
        Optimizer optimizer = Optimizer.adam(0.1, 0.8, 0.95, 1e-6);
        Tensor parameter = Tensor.of(1);
        double expected = 1;
        double first = 0;
        double second = 0;
        for (int t = 1; t <= gradients.length; t++) {
            double g = gradients[t - 1];
            first = 0.8 * first + 0.2 * g;
            second = 0.95 * second + 0.05 * g * g;
            expected -= 0.1 * (first / (1 - Math.pow(0.8, t))) / (Math.sqrt(second / (1 - Math.pow(0.95, t))) + 1e-6);

            parameter = optimizer.step(parameter, Tensor.of(g));

            assertEquals(expected, parameter.item(), 1e-14, "after step " + t);
        }
    }

    @Test
    void firstStepOfAdamIsTheRateWhateverTheScale() {
        Tensor stepped = Optimizer.adam(0.01).step(Tensor.zeros(3), Tensor.of(1e-3, 1, -1e6));

        assertArrayEquals(new double[] {-0.01, -0.01, 0.01}, stepped.toDoubles(), 1e-6);
    }

    @Test
    void recordsAreTrainedAndTheirPlainValuesStay() {
        for (Optimizer optimizer : List.of(Optimizer.sgd(0.3), Optimizer.adam(0.1))) {
            Line line = new Line(Tensor.scalar(0), Tensor.scalar(0), "fit");
            for (int i = 0; i < 400; i++) {
                line = optimizer.step(line, Autodiff.grad(OptimizerTest::loss, line));
            }

            assertEquals(3, line.slope().item(), 1e-3, optimizer.getClass().getSimpleName());
            assertEquals(-2, line.offset().item(), 1e-3, optimizer.getClass().getSimpleName());
            assertEquals("fit", line.name());
        }
    }

    @Test
    void treesDescribeOtherClasses() {
        Tree<double[]> array = Tree.of(Tensor::toDoubles, Tensor::of);

        assertArrayEquals(new double[] {0.5}, Optimizer.sgd(0.5).step(new double[] {1}, new double[] {1}, array));
    }

    @Test
    void formatOfTheParametersIsKept() {
        Tensor stepped = Optimizer.adam(0.1).step(Tensor.ofFloats(1), Tensor.ofFloats(1));

        assertEquals(DType.FLOAT32, stepped.dtype());
    }

    @Test
    void badArgumentsAreNamed() {
        refuses("learningRate must be finite and > 0, was 0.0", () -> Optimizer.sgd(0));
        refuses("learningRate must be finite and > 0, was NaN", () -> Optimizer.adam(Double.NaN));
        refuses("firstDecay must be in [0, 1), was 1.0", () -> Optimizer.adam(1, 1, 0, 1));
        refuses("secondDecay must be in [0, 1), was -1.0", () -> Optimizer.adam(1, 0, -1, 1));
        refuses(
                "epsilon must be finite and > 0, was Infinity",
                () -> Optimizer.adam(1, 0, 0, Double.POSITIVE_INFINITY));
        refuses("gradient has tensors of shapes", () -> Optimizer.sgd(1).step(Tensor.zeros(2), Tensor.zeros(3)));
    }

    @Test
    void anOptimizerServesOneSetOfParameters() {
        Optimizer optimizer = Optimizer.adam(0.1);
        optimizer.step(Tensor.zeros(2), Tensor.zeros(2));

        refuses("an earlier step of this optimizer", () -> optimizer.step(Tensor.zeros(3), Tensor.zeros(3)));
    }

    private static void refuses(String message, Runnable call) {
        var refused = assertThrows(IllegalArgumentException.class, call::run, message);
        assertTrue(refused.getMessage().contains(message), refused.getMessage());
    }
}
