package io.github.softgrad.trust.properties;

import io.github.softgrad.Method;
import io.github.softgrad.Method.SortingNetwork.Padding;
import io.github.softgrad.Mode;
import io.github.softgrad.Soft;
import io.github.softgrad.Tensor;
import io.github.softgrad.trust.Catalogue;
import java.util.ArrayList;
import java.util.List;

/// An operator with a method in a mode, standardized or not.
record Combination(Operator operator, Method method, Mode mode, boolean standardize) {

    /// Those that the library has, as it says itself.
    static final List<Combination> SUPPORTED = supported();

    private static List<Combination> supported() {
        List<Combination> supported = new ArrayList<>();
        for (Operator operator : Operator.values()) {
            for (Method method : operator == Operator.SIMPLEX ? Catalogue.METHODS.subList(0, 1) : Catalogue.METHODS) {
                for (Mode mode : List.of(Mode.SMOOTH, Mode.C0, Mode.C1, Mode.C2)) {
                    for (boolean standardize : new boolean[] {true, false}) {
                        Combination each = new Combination(operator, method, mode, standardize);
                        if (each.isSupported()) {
                            supported.add(each);
                        }
                    }
                }
            }
        }
        return List.copyOf(supported);
    }

    private boolean isSupported() {
        try {
            operator.apply(soft(), Tensor.of(0.3, -1.2, 2.2, 0.7), 0, 0.5);
            return true;
        } catch (IllegalArgumentException unsupported) {
            return false;
        }
    }

    /// The recipe with its default softness.
    Soft soft() {
        return Soft.smooth().mode(mode).method(method).standardize(standardize);
    }

    Operator.Result result() {
        return operator.result;
    }

    boolean isSoftSort() {
        return method instanceof Method.SoftSort;
    }

    boolean isNeuralSort() {
        return method instanceof Method.NeuralSort;
    }

    boolean isFastSoftSort() {
        return method instanceof Method.FastSoftSort;
    }

    boolean isSmoothSort() {
        return method instanceof Method.SmoothSort;
    }

    boolean isTransport() {
        return method instanceof Method.Transport;
    }

    boolean isLapSum() {
        return method instanceof Method.LapSum;
    }

    boolean isNetwork() {
        return method instanceof Method.SortingNetwork;
    }

    /// Whether something that is no entry mixes with the entries.
    boolean hasFinitePads() {
        return method.equals(new Method.SortingNetwork(Padding.FINITE));
    }

    /// Whether the operator reads standardized lines, which SmoothSort and the simplex projection never do.
    boolean isStandardized() {
        return standardize && !isSmoothSort() && operator != Operator.SIMPLEX;
    }

    /// Whether values are brought back from (0, 1), instead of being means of the entries.
    boolean isRestored() {
        return isStandardized() && result().isValue() && (isFastSoftSort() || isNetwork());
    }

    @Override
    public String toString() {
        return operator + " by " + method + " in " + mode + (standardize ? ", standardized" : ", plain");
    }
}
