package io.github.softgrad;

import java.util.Arrays;
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
/// - *Threads*: not safe to share between threads.
public abstract sealed class Optimizer {
    private Optimizer() {}

    /// Plain gradient descent: a step is the gradient times the rate.
    ///
    /// @param learningRate finite and > 0
    public static Optimizer sgd(double learningRate) {
        return new Descent(positive("learningRate", learningRate));
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
                positive("learningRate", learningRate),
                decay("firstDecay", firstDecay),
                decay("secondDecay", secondDecay),
                positive("epsilon", epsilon));
    }

    private static double positive(String name, double value) {
        if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(name + " must be finite and > 0, was " + value);
        }
        return value;
    }

    private static double decay(String name, double value) {
        if (!(value >= 0 && value < 1)) {
            throw new IllegalArgumentException(name + " must be in [0, 1), was " + value);
        }
        return value;
    }

    /// The parameters after one step against the gradient.
    public final <P> P step(P parameters, P gradient) {
        return step(parameters, gradient, Tree.reflective());
    }

    /// The parameters after one step against the gradient, both described by a tree.
    public final <P> P step(P parameters, P gradient, Tree<P> tree) {
        List<Tensor> places = tree.leaves(parameters);
        List<Tensor> slopes = tree.leaves(gradient);
        requireSameShapes("the gradient", slopes, places);
        List<Tensor> steps = steps(slopes);
        return tree.rebuild(
                parameters,
                IntStream.range(0, places.size())
                        .mapToObj(i -> places.get(i).minus(steps.get(i)))
                        .toList());
    }

    /// What to subtract from each tensor.
    abstract List<Tensor> steps(List<Tensor> gradients);

    private static void requireSameShapes(String name, List<Tensor> tensors, List<Tensor> parameters) {
        if (!shapes(tensors).equals(shapes(parameters))) {
            throw new IllegalArgumentException(name + " has tensors of shapes " + shapes(tensors) + ", the parameters "
                    + shapes(parameters) + "; both must be the same");
        }
    }

    private static List<String> shapes(List<Tensor> tensors) {
        return tensors.stream().map(tensor -> Shapes.text(tensor.shape())).toList();
    }

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
        private Tensor[] first = {};
        private Tensor[] second = {};
        private int time;

        Adam(double learningRate, double firstDecay, double secondDecay, double epsilon) {
            this.learningRate = learningRate;
            this.firstDecay = firstDecay;
            this.secondDecay = secondDecay;
            this.epsilon = epsilon;
        }

        @Override
        List<Tensor> steps(List<Tensor> gradients) {
            if (time == 0) {
                first = gradients.stream().map(Tensor::zerosLike).toArray(Tensor[]::new);
                second = first.clone();
            }
            requireSameShapes("an earlier step of this optimizer", Arrays.asList(first), gradients);
            time++;
            return IntStream.range(0, first.length)
                    .mapToObj(i -> step(i, gradients.get(i)))
                    .toList();
        }

        private Tensor step(int i, Tensor gradient) {
            first[i] = blend(firstDecay, first[i], gradient);
            second[i] = blend(secondDecay, second[i], gradient.square());
            Tensor mean = first[i].div(1 - Math.pow(firstDecay, time));
            Tensor meanSquare = second[i].div(1 - Math.pow(secondDecay, time));
            return mean.times(learningRate).div(meanSquare.sqrt().plus(epsilon));
        }

        private static Tensor blend(double decay, Tensor past, Tensor now) {
            return past.times(decay).plus(now.times(1 - decay));
        }
    }
}
