package io.github.softgrad.trust.mutation;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// Classes that are mutated together, and the quick tests that are to notice: those of their theme.
///
/// All but one run on the reference kernels and the scalar loops, which every machine has. The classes are
/// exactly those whose survivors have been gone through.
enum MutationGroup {
    /// The rules of differentiation of plain arithmetic; small enough for the short run.
    ARITHMETIC(
            30,
            220,
            98,
            List.of("ArithmeticRules", "SafeMath"),
            List.of(
                    "BadInputTest",
                    "CotangentTest",
                    "ElementaryDerivativesTest",
                    "SafeNormTest",
                    "TensorEdgesTest",
                    "TensorRulesTest")),
    /// Tensors, the tape and what walks it.
    TENSORS(
            240,
            800,
            96,
            List.of(
                    "Autodiff",
                    "DenseTensor",
                    "GradientCheck",
                    "LinearAlgebra",
                    "Node",
                    "Optimizer",
                    "Primitive",
                    "Pullback",
                    "RecordTree",
                    "ReversePass",
                    "Shapes",
                    "Structure",
                    "Trace",
                    "TracedTensor",
                    "Tree",
                    "Views"),
            List.of(
                    "CotangentTest",
                    "DerivativeOperatorsTest",
                    "ElementaryDerivativesTest",
                    "BadInputTest",
                    "Float32Test",
                    "FusedRulesTest",
                    "GradientCheckTest",
                    "NestingTest",
                    "OptimizerTest",
                    "OrderingEdgesTest",
                    "ParameterTreesTest",
                    "TensorArithmeticTest",
                    "TensorCreationTest",
                    "TensorEdgesTest",
                    "TensorReductionTest",
                    "TensorRulesTest",
                    "TensorStructureTest",
                    "TracedTensorsTest")),
    /// What users call: elementwise, along an axis, at soft places, in losses.
    OPERATORS(
            180,
            600,
            96,
            List.of("Losses", "Ordering", "Selection", "SoftBool", "SoftPointwise"),
            List.of(
                    "ErrataTest",
                    "BadInputTest",
                    "Float32Test",
                    "FusedRulesTest",
                    "GoldenTest",
                    "HardModeTest",
                    "LossesTest",
                    "OperatorPropertiesTest",
                    "OrderingEdgesTest",
                    "PointwiseEdgesTest",
                    "RankingTest",
                    "SelectionTest",
                    "SoftBoolTest",
                    "StraightThroughTest")),
    /// The recipe, its options, and the relaxations by scores.
    RECIPES(
            240,
            950,
            95,
            List.of(
                    "Distribution",
                    "HardRelaxation",
                    "Lines",
                    "Mode",
                    "NeuralSortRelaxation",
                    "QuantileMethod",
                    "Relaxations",
                    "ScoreRelaxation",
                    "Segments",
                    "Settings",
                    "Sharpness",
                    "Simplex",
                    "Soft",
                    "SoftIndex",
                    "SoftSortRelaxation",
                    "Standardization",
                    "StraightThrough"),
            List.of(
                    "BadInputTest",
                    "ErrataTest",
                    "GoldenTest",
                    "HardModeTest",
                    "OperatorPropertiesTest",
                    "OrderingEdgesTest",
                    "OverloadsTest",
                    "ProjectionsTest",
                    "RankingTest",
                    "SoftIndexTest",
                    "StandardizationEdgesTest",
                    "StraightThroughTest")),
    /// Loops over elements and along an axis.
    LOOPS(
            120,
            340,
            92,
            List.of("Pointwise", "Products", "Reduction"),
            List.of(
                    "CotangentTest",
                    "FusedRulesTest",
                    "OrderingEdgesTest",
                    "ProductsTest",
                    "TensorArithmeticTest",
                    "TensorEdgesTest",
                    "TensorReductionTest",
                    "TensorRulesTest",
                    "TensorStructureTest")),
    /// LapSum and the sums that it is made of.
    SUMS(
            90,
            255,
            94,
            List.of("LapSumRelaxation", "LaplaceSums"),
            List.of(
                    "LapSumTest",
                    "MethodGradientsTest",
                    "OrderingEdgesTest",
                    "OverloadsTest",
                    "StandardizationEdgesTest")),
    /// What hands whole rows to kernels that only the native backend has.
    KERNELS(
            120,
            210,
            84,
            List.of("FusedStandardization", "HardOrder", "SoftOrder", "Transport$Product"),
            List.of(
                    "FastSoftSortDerivativesTest",
                    "HardModeTest",
                    "MethodGradientsTest",
                    "OrderingEdgesTest",
                    "OverloadsTest",
                    "SoftOrderTest",
                    "SoftRulesTest",
                    "StandardizationEdgesTest",
                    "TransportTest"));

    private static final String PACKAGE = "io.github.softgrad.";

    private final long seconds;
    private final int leastMutants;
    private final double leastScore;
    private final List<String> classes;
    private final List<String> tests;

    /// The seconds are those of two cores with nothing else to do; number and score lie just under what was
    /// measured.
    MutationGroup(long seconds, int leastMutants, double leastScore, List<String> classes, List<String> tests) {
        this.seconds = seconds;
        this.leastMutants = leastMutants;
        this.leastScore = leastScore;
        this.classes = classes;
        this.tests = tests;
    }

    String title() {
        return name().toLowerCase(Locale.ROOT);
    }

    long seconds() {
        return seconds;
    }

    int leastMutants() {
        return leastMutants;
    }

    double leastScore() {
        return leastScore;
    }

    /// Whether the classes do nothing on the reference kernels.
    boolean needsNativeKernels() {
        return this == KERNELS;
    }

    /// Those inside the classes that another group is about.
    List<String> excluded() {
        return this == KERNELS ? List.of() : KERNELS.targets();
    }

    /// The classes and those inside them.
    List<String> targets() {
        return classes.stream()
                .flatMap(each -> Stream.of(PACKAGE + each, PACKAGE + each + "$*"))
                .toList();
    }

    List<String> tests() {
        return tests.stream().map(each -> PACKAGE + "*." + each).toList();
    }
}
