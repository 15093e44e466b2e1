package io.github.softgrad.bench.cases;

import io.github.softgrad.DType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// The cases of a suite, in the order in which the harness of the Python libraries runs them.
public final class Suite {
    /// The names of all suites.
    public static final List<String> NAMES = List.of("axiswise", "elementwise", "ot", "permutahedron", "memory");

    private static final List<String> ELEMENTWISE =
            List.of("abs", "relu", "sign", "round", "heaviside", "clip", "greater", "equal", "logical_and", "any");
    private static final double[] TRANSPORT_EPS = {0.1, 0.01};

    private Suite() {}

    /// What to leave out; an empty list leaves nothing out.
    ///
    /// @param operators the operators to keep
    /// @param methods the methods to keep
    /// @param modes the modes to keep
    /// @param passes the passes to keep, `fwd` and `fwdbwd`
    public record Selection(List<String> operators, List<String> methods, List<String> modes, List<String> passes) {
        /// Everything.
        public static final Selection ALL = new Selection(List.of(), List.of(), List.of(), List.of());

        private boolean keeps(Case what) {
            return keeps(operators, what.operator())
                    && (what.method().isEmpty() || keeps(methods, what.method()))
                    && keeps(modes, what.mode())
                    && keeps(passes, what.pass());
        }

        private static boolean keeps(List<String> kept, String name) {
            return kept.isEmpty() || kept.contains(name);
        }
    }

    /// The sizes of the cases.
    ///
    /// @param lengths the lengths of a line
    /// @param batches the numbers of lines
    /// @param dtypes the number formats
    /// @param threads the numbers of threads
    public record Sizes(List<Integer> lengths, List<Integer> batches, List<DType> dtypes, List<Integer> threads) {}

    /// The axis-wise operators, each with its methods.
    public static Map<String, List<String>> axisWise() {
        Map<String, List<String>> methods = new LinkedHashMap<>();
        for (String operator : List.of("sort", "rank", "max", "top_k", "quantile", "median")) {
            methods.put(operator, Cases.METHODS);
        }
        methods.put("argsort", Cases.INDEX_METHODS);
        methods.put("argmax", Cases.INDEX_METHODS);
        return methods;
    }

    /// All cases of a suite that are selected.
    public static List<Case> cases(String suite, Sizes sizes, Selection selection) {
        List<Case> cases = new ArrayList<>();
        Predicate<Case> kept = selection::keeps;
        for (int threads : sizes.threads()) {
            for (DType dtype : sizes.dtypes()) {
                for (int n : sizes.lengths()) {
                    boolean batched = !suite.equals("elementwise") && !suite.equals("ot");
                    for (int batch : batched ? sizes.batches() : List.of(1)) {
                        variants(suite).stream()
                                .map(variant -> variant.sized(n, batch, dtype, threads))
                                .filter(kept)
                                .forEach(cases::add);
                    }
                }
            }
        }
        return cases;
    }

    /// A case without its size.
    private record Variant(String operator, String mode, String method, boolean backward, double eps) {
        Case sized(int n, int batch, DType dtype, int threads) {
            Case plain = Case.of(operator, mode, method, n, batch, dtype, threads, backward);
            return eps > 0 ? plain.withEps(eps) : plain;
        }
    }

    private static List<Variant> variants(String suite) {
        return switch (suite) {
            case "axiswise", "memory" -> axisWiseVariants();
            case "elementwise" -> elementwiseVariants();
            case "ot" -> transportVariants();
            case "permutahedron" -> projectionVariants();
            default -> throw new IllegalArgumentException("there is no suite \"" + suite + "\", only " + NAMES);
        };
    }

    private static List<Variant> axisWiseVariants() {
        List<Variant> variants = new ArrayList<>();
        axisWise().forEach((operator, methods) -> {
            for (boolean backward : new boolean[] {false, true}) {
                for (String method : methods) {
                    for (String mode : method.equals("smooth_sort") ? List.of("smooth") : Cases.MODES) {
                        variants.add(new Variant(operator, mode, method, backward, 0));
                    }
                }
            }
        });
        return variants;
    }

    private static List<Variant> elementwiseVariants() {
        List<Variant> variants = new ArrayList<>();
        for (String operator : ELEMENTWISE) {
            boolean logic = operator.equals("logical_and") || operator.equals("any");
            for (boolean backward : new boolean[] {false, true}) {
                for (String mode : logic ? List.of("smooth") : Cases.MODES) {
                    variants.add(new Variant(operator, mode, "", backward, 0));
                }
            }
        }
        return variants;
    }

    /// The method is the harness's name for the solver of the reference; ours is one for all modes.
    private static List<Variant> transportVariants() {
        List<Variant> variants = new ArrayList<>();
        for (double eps : TRANSPORT_EPS) {
            for (boolean backward : new boolean[] {false, true}) {
                for (String mode : Cases.MODES) {
                    String solver = mode.equals("smooth") ? "sinkhorn" : "lbfgs";
                    variants.add(new Variant("transport", mode, solver, backward, eps));
                }
            }
        }
        return variants;
    }

    private static List<Variant> projectionVariants() {
        List<Variant> variants = new ArrayList<>();
        for (String operator : List.of("perm_proj", "simplex_proj")) {
            for (boolean backward : new boolean[] {false, true}) {
                for (String mode : Cases.MODES) {
                    variants.add(new Variant(operator, mode, "", backward, 0));
                }
            }
        }
        return variants;
    }
}
