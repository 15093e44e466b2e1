package io.github.softgrad.bench.cases;

import io.github.softgrad.Autodiff;
import io.github.softgrad.Pullback;
import io.github.softgrad.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/// A case with its inputs: calling [#run(int)] is what everything here measures.
public final class Work {
    /// What a call computes.
    ///
    /// @param value the operator's value
    /// @param cotangents the vector-Jacobian product for each argument; none if only the value is asked for
    public record Outcome(Tensor value, List<Tensor> cotangents) {
        /// Whether all numbers are finite.
        public boolean isFinite() {
            return isFinite(value) && cotangents.stream().allMatch(Outcome::isFinite);
        }

        private static boolean isFinite(Tensor numbers) {
            return Arrays.stream(numbers.toDoubles()).allMatch(Double::isFinite);
        }
    }

    /// Two arguments that are differentiated together.
    private record Both(Tensor first, Tensor second) {}

    private final Case what;
    private final Cases.Call call;
    private final List<List<Tensor>> inputs;
    private final Tensor cotangent;

    private Work(Case what) {
        this.what = what;
        call = Cases.call(what);
        inputs = IntStream.range(0, Inputs.variants(what))
                .mapToObj(variant -> Inputs.draw(what, variant))
                .toList();
        limitThreads();
        cotangent = Inputs.cotangent(call.apply(inputs.getFirst()));
    }

    /// Draws the inputs and calls once.
    ///
    /// *Throws* [UnsupportedOperationException] for what the library does not have.
    public static Work prepare(Case what) {
        try {
            return new Work(what);
        } catch (IllegalArgumentException refused) {
            throw new UnsupportedOperationException(refused.getMessage(), refused);
        }
    }

    /// What is computed.
    public Case what() {
        return what;
    }

    /// The arguments of a call.
    public List<Tensor> input(int turn) {
        return inputs.get(Math.floorMod(turn, inputs.size()));
    }

    /// The cotangent of the value that all calls use.
    public Tensor cotangent() {
        return cotangent;
    }

    /// Sets how many threads the next calls use. The library reads it at every call, from a property of the
    /// whole process, so whoever runs cases with different numbers in turn says so before each.
    public void limitThreads() {
        System.setProperty("softgrad.threads", Integer.toString(what.threads()));
    }

    /// Computes the value on one of the inputs.
    public Tensor value(int turn) {
        return call.apply(input(turn));
    }

    /// Computes what the case says on one of the inputs.
    public Outcome run(int turn) {
        List<Tensor> arguments = input(turn);
        if (!what.backward()) {
            return new Outcome(value(turn), List.of());
        }
        if (arguments.size() == 1) {
            Function<Tensor, Tensor> function = x -> call.apply(List.of(x));
            Pullback<Tensor> pullback = Autodiff.vjp(function, arguments.getFirst());
            return new Outcome(pullback.value(), List.of(pullback.pull(cotangent)));
        }
        Function<Both, Tensor> function = both -> call.apply(List.of(both.first(), both.second()));
        Pullback<Both> pullback = Autodiff.vjp(function, new Both(arguments.get(0), arguments.get(1)));
        Both cotangents = pullback.pull(cotangent);
        return new Outcome(pullback.value(), List.of(cotangents.first(), cotangents.second()));
    }
}
