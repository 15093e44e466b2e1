package io.github.softgrad;

import java.util.List;
import java.util.stream.IntStream;

/// Turns gradients into steps downhill, for parameters that are a tensor, a record or a list of them.
///
/// ```java
/// Optimizer optimizer = Optimizer.adam(0.01);
/// for (int i = 0; i < 1000; i++) {
///     parameters = optimizer.step(parameters, Autodiff.grad(loss, parameters));
/// }
/// ```
///
/// An optimizer remembers what its method needs from earlier steps, so each training run takes a new one.
/// Parameters are values: a step returns new ones and leaves the old ones as they are.
///
/// - *Shape*: the gradient has the tensors of the parameters, with the same shapes, in every step; anything
///   else throws [IllegalArgumentException] naming both.
/// - *Ties and NaN*: a NaN in the gradient spoils its own entry, for good with [#adam(double)], and no other.
/// - *Cost*: one pass over the parameters a step; [#adam(double)] keeps two numbers for each.
/// - *Errors*: a step that throws leaves the optimizer as it was.
/// - *Threads*: steps from several threads are taken one after another, each as a whole; as [#adam(double)]
///   mixes what it remembers of them, runs that should not see each other take an optimizer each.
public abstract sealed class Optimizer {
    private Optimizer() {}

    /// Plain gradient descent: a step is the gradient times the rate.
    ///
    /// @param learningRate finite and > 0
    public static Optimizer sgd(double learningRate) {
        return new Descent(learningRate(learningRate));
    }

    /// Adam with the decays 0.9 and 0.999 and epsilon 1e-8, the values that its authors recommend.
    ///
    /// A step is about as large as the rate in every entry, whatever the scale of the gradient.
    ///
    /// *Reference*: Kingma and Ba, Adam: A Method for Stochastic Optimization, ICLR 2015, algorithm 1.
    ///
    /// @param learningRate finite and > 0
    public static Optimizer adam(double learningRate) {
        return adam(learningRate, 0.9, 0.999, 1e-8);
    }

    /// Adam with everything chosen.
    ///
    /// *Reference*: Kingma and Ba, Adam: A Method for Stochastic Optimization, ICLR 2015, algorithm 1.
    ///
    /// @param learningRate finite and > 0
    /// @param firstDecay how much of the mean gradient stays in each step, in [0, 1)
    /// @param secondDecay how much of the mean squared gradient stays in each step, in [0, 1)
    /// @param epsilon what is added to the root of the mean square, finite and > 0
    public static Optimizer adam(double learningRate, double firstDecay, double secondDecay, double epsilon) {
        return new Adam(
                learningRate(learningRate),
                decay("firstDecay", firstDecay, 0.9),
                decay("secondDecay", secondDecay, 0.999),
                Arguments.positive("epsilon", epsilon, "1e-8 is the default"));
    }

    private static double learningRate(double value) {
        return Arguments.positive("learningRate", value, "0.01 is a usual one");
    }

    private static double decay(String name, double value, double usual) {
        if (!(value >= 0 && value < 1)) {
            throw Arguments.bad(name, "in [0, 1)", value, usual + " is the default");
        }
        return value;
    }

    /// The parameters after one step against the gradient.
    public final <P> P step(P parameters, P gradient) {
        return step(parameters, gradient, Tree.reflective());
    }

    /// The parameters after one step against the gradient, both described by a tree.
    public final <P> P step(P parameters, P gradient, Tree<P> tree) {
        List<Tensor> places = Arguments.leaves(tree, parameters, "parameters");
        List<Tensor> slopes = Arguments.leaves(tree, gradient, "gradient");
        Arguments.requireSameShapes("gradient", slopes, places);
        List<Tensor> steps = steps(slopes);
        return tree.rebuild(
                parameters,
                IntStream.range(0, places.size())
                        .mapToObj(i -> places.get(i).minus(steps.get(i)))
                        .toList());
    }

    /// What to subtract from each tensor.
    abstract List<Tensor> steps(List<Tensor> gradients);

    private static final class Descent extends Optimizer {
        private final double learningRate;

        Descent(double learningRate) {
            this.learningRate = learningRate;
        }

        @Override
        List<Tensor> steps(List<Tensor> gradients) {
            return gradients.stream().map(g -> g.times(learningRate)).toList();
        }
    }

    private static final class Adam extends Optimizer {
        private final double learningRate;
        private final double firstDecay;
        private final double secondDecay;
        private final double epsilon;
        private List<Tensor> first = List.of();
        private List<Tensor> second = List.of();
        private int time;

        Adam(double learningRate, double firstDecay, double secondDecay, double epsilon) {
            this.learningRate = learningRate;
            this.firstDecay = firstDecay;
            this.secondDecay = secondDecay;
            this.epsilon = epsilon;
        }

        /// Remembers the step only when all of it has been computed.
        @Override
        synchronized List<Tensor> steps(List<Tensor> gradients) {
            List<Tensor> zeros = gradients.stream().map(Tensor::zerosLike).toList();
            List<Tensor> pastFirst = time == 0 ? zeros : first;
            List<Tensor> pastSecond = time == 0 ? zeros : second;
            Arguments.requireSameShapes("an earlier step of this optimizer", pastFirst, gradients);
            List<Tensor> newFirst = IntStream.range(0, gradients.size())
                    .mapToObj(i -> blend(firstDecay, pastFirst.get(i), gradients.get(i)))
                    .toList();
            List<Tensor> newSecond = IntStream.range(0, gradients.size())
                    .mapToObj(i -> blend(
                            secondDecay, pastSecond.get(i), gradients.get(i).square()))
                    .toList();
            List<Tensor> steps = IntStream.range(0, gradients.size())
                    .mapToObj(i -> step(newFirst.get(i), newSecond.get(i), time + 1))
                    .toList();
            first = newFirst;
            second = newSecond;
            time++;
            return steps;
        }

        private Tensor step(Tensor ofFirst, Tensor ofSecond, int at) {
            Tensor mean = ofFirst.div(1 - Math.pow(firstDecay, at));
            Tensor meanSquare = ofSecond.div(1 - Math.pow(secondDecay, at));
            return mean.times(learningRate).div(meanSquare.sqrt().plus(epsilon));
        }

        private static Tensor blend(double decay, Tensor past, Tensor now) {
            return past.times(decay).plus(now.times(1 - decay));
        }
    }
}
