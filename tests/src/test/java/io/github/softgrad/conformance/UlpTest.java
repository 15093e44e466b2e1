package io.github.softgrad.conformance;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.softgrad.elementwise.Elementwise;
import io.github.softgrad.elementwise.FloatOperand;
import io.github.softgrad.elementwise.Operand;
import io.github.softgrad.elementwise.ScalarElementwise;
import io.github.softgrad.elementwise.SoftFunction;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Every soft function of one element is within 4 ULP of its exact value (higher derivatives and norm curves
/// 8), in both backends.
///
/// `-Dsoftgrad.ulp.points=1000000` sets the number of points of each function and curve,
/// `-Dsoftgrad.ulp.only=abs` the functions whose name contains a text.
class UlpTest {

    private static final int POINTS = Integer.getInteger("softgrad.ulp.points", 20_000);
    private static final String ONLY = System.getProperty("softgrad.ulp.only", "");
    private static final int BLOCK = 1000;
    private static final int THREADS = 2;
    private static final String ONE_SOFTNESS = ", one softness";
    private static final int FLOAT_POINTS = POINTS / 4;
    private static final float LARGEST_POINT = 1e30f;
    static final Map<String, Elementwise> BACKENDS = backends();

    /// The largest error seen, in units, and where.
    private record Worst(double error, double[] point) {
        Worst or(Worst other) {
            return other.error > error ? other : this;
        }
    }

    @TestFactory
    Stream<DynamicTest> everySoftFunctionIsWithinFourUnits() {
        return UlpOperator.all().stream()
                .filter(operator -> operator.toString().contains(ONLY))
                .map(operator -> DynamicTest.dynamicTest(operator.toString(), () -> measure(operator)));
    }

    @TestFactory
    Stream<DynamicTest> inFloat32TheUnitIsThatOfFloat32() {
        return UlpOperator.all().stream()
                .filter(operator -> operator.toString().contains(ONLY))
                .map(operator -> DynamicTest.dynamicTest(operator + " in float32", () -> measureFloats(operator)));
    }

    /// The same points rounded to float32, without those where the value overflows.
    private static void measureFloats(UlpOperator operator) {
        SplittableRandom random = new SplittableRandom(operator.toString().hashCode());
        List<double[]> points = Stream.generate(() -> rounded(operator.sampler().draw(random)))
                .limit(FLOAT_POINTS)
                .toList();
        Map<String, float[]> results = new LinkedHashMap<>();
        BACKENDS.forEach((name, backend) -> {
            results.put(name, floats(backend, operator, points));
            results.put(name + ONE_SOFTNESS, floatsOneByOne(backend, operator, points));
        });
        results.forEach((name, values) -> {
            Worst worst = new Worst(0, null);
            for (int i = 0; i < values.length; i++) {
                UlpNumber[] arguments =
                        Arrays.stream(points.get(i)).mapToObj(UlpNumber::of).toArray(UlpNumber[]::new);
                UlpNumber exact = operator.exact().at(arguments);
                double size =
                        Math.max(Math.abs(operator.size().at(exact, arguments).doubleValue()), floor(operator));
                if (Math.abs(exact.doubleValue()) <= Float.MAX_VALUE && size <= Float.MAX_VALUE) {
                    double error = UlpNumber.of(values[i])
                            .minus(exact)
                            .abs()
                            .over(UlpNumber.of(Math.ulp((float) size)))
                            .doubleValue();
                    worst = worst.or(
                            new Worst(Float.isFinite(values[i]) ? error : Double.POSITIVE_INFINITY, points.get(i)));
                }
            }
            Worst last = worst;
            System.out.printf(
                    "ulp float32 %s %s: max %.2f ulp at %s%n", operator, name, last.error, Arrays.toString(last.point));
            assertTrue(
                    last.error <= operator.limit(),
                    () -> operator + " " + name + ": " + last.error + " ulp at " + Arrays.toString(last.point));
        });
    }

    /// Differences of operands meet the knot of a compact curve much closer than one ulp; there the unit is
    /// that of `S` one ulp inside.
    private static double floor(UlpOperator operator) {
        boolean difference = operator.function() instanceof SoftFunction.Comparison
                || operator.function() instanceof SoftFunction.Closeness;
        double ulp = Math.ulp(0.5f);
        return switch (operator.curve()) {
            case LINEAR -> difference ? ulp / 2 : 0;
            case CUBIC -> difference ? 0.75 * ulp * ulp : 0;
            case QUINTIC -> difference ? 1.25 * ulp * ulp * ulp : 0;
            default -> 0;
        };
    }

    private static double[] rounded(double[] point) {
        return Arrays.stream(point)
                .map(x -> Math.clamp((float) x, -LARGEST_POINT, LARGEST_POINT))
                .toArray();
    }

    private static float[] floats(Elementwise backend, UlpOperator operator, List<double[]> points) {
        FloatOperand[] operands = new FloatOperand[operator.function().arity()];
        for (int k = 0; k < operands.length; k++) {
            float[] column = new float[points.size()];
            for (int i = 0; i < column.length; i++) {
                column[i] = (float) points.get(i)[k];
            }
            operands[k] = FloatOperand.of(column);
        }
        float[] results = new float[points.size()];
        backend.apply(operator.function(), operands, results, 0, results.length);
        return results;
    }

    private static float[] floatsOneByOne(Elementwise backend, UlpOperator operator, List<double[]> points) {
        float[] results = new float[points.size()];
        for (int i = 0; i < results.length; i++) {
            FloatOperand[] operands = Arrays.stream(points.get(i))
                    .mapToObj(x -> FloatOperand.of((float) x))
                    .toArray(FloatOperand[]::new);
            backend.apply(operator.function(), operands, results, i, 1);
        }
        return results;
    }

    @Test
    void theVectorBackendIsMeasuredToo() {
        assumeTrue(BACKENDS.size() == 2, "no module jdk.incubator.vector");
    }

    private static void measure(UlpOperator operator) {
        List<CompletableFuture<Map<String, Worst>>> shares = IntStream.range(0, THREADS)
                .mapToObj(share -> CompletableFuture.supplyAsync(() -> share(operator, share)))
                .toList();
        Map<String, Worst> worst = new LinkedHashMap<>();
        for (CompletableFuture<Map<String, Worst>> share : shares) {
            share.join().forEach((backend, each) -> worst.merge(backend, each, Worst::or));
        }
        worst.forEach((backend, each) -> System.out.printf(
                "ulp %s %s: %d points, max %.2f ulp at %s%n",
                operator, backend, POINTS, each.error, Arrays.toString(each.point)));
        worst.forEach((backend, each) -> assertTrue(
                each.error <= operator.limit(),
                () -> operator + " " + backend + ": " + each.error + " ulp at " + Arrays.toString(each.point)));
    }

    private static Map<String, Worst> share(UlpOperator operator, int share) {
        SplittableRandom random = new SplittableRandom(operator.toString().hashCode() * 31L + share);
        Map<String, Worst> worst = new LinkedHashMap<>();
        for (int done = 0; done < POINTS / THREADS; done += BLOCK) {
            int count = Math.min(BLOCK, POINTS / THREADS - done);
            block(
                    operator,
                    Stream.generate(() -> operator.sampler().draw(random))
                            .limit(count)
                            .toList(),
                    worst);
        }
        return worst;
    }

    private static void block(UlpOperator operator, List<double[]> points, Map<String, Worst> worst) {
        Map<String, double[]> results = new LinkedHashMap<>();
        BACKENDS.forEach((name, backend) -> {
            results.put(name, results(backend, operator, points));
            results.put(name + ONE_SOFTNESS, oneByOne(backend, operator, points));
        });
        for (int i = 0; i < points.size(); i++) {
            double[] point = points.get(i);
            UlpNumber[] arguments = Arrays.stream(point).mapToObj(UlpNumber::of).toArray(UlpNumber[]::new);
            UlpNumber exact = operator.exact().at(arguments);
            UlpNumber unit = operator.size().at(exact, arguments).ulp();
            int index = i;
            results.forEach((name, values) -> {
                double value = values[index];
                double error = Double.isFinite(value)
                        ? UlpNumber.of(value).minus(exact).abs().over(unit).doubleValue()
                        : Double.POSITIVE_INFINITY;
                worst.merge(name, new Worst(error, point), Worst::or);
            });
        }
    }

    private static double[] results(Elementwise backend, UlpOperator operator, List<double[]> points) {
        Operand[] operands = IntStream.range(0, operator.function().arity())
                .mapToObj(k -> Operand.of(
                        points.stream().mapToDouble(point -> point[k]).toArray()))
                .toArray(Operand[]::new);
        double[] results = new double[points.size()];
        backend.apply(operator.function(), operands, results, 0, results.length);
        return results;
    }

    /// Each point in a call of its own, where the softness is one number as in most programs.
    private static double[] oneByOne(Elementwise backend, UlpOperator operator, List<double[]> points) {
        double[] results = new double[points.size()];
        for (int i = 0; i < results.length; i++) {
            Operand[] operands =
                    Arrays.stream(points.get(i)).mapToObj(Operand::of).toArray(Operand[]::new);
            backend.apply(operator.function(), operands, results, i, 1);
        }
        return results;
    }

    private static Map<String, Elementwise> backends() {
        Map<String, Elementwise> backends = new LinkedHashMap<>();
        backends.put("scalar", new ScalarElementwise());
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()) {
            backends.put("vector", vector());
        }
        return backends;
    }

    /// By name: this class must link where the incubator module is absent.
    private static Elementwise vector() {
        try {
            return (Elementwise) Class.forName("io.github.softgrad.elementwise.VectorElementwise")
                    .getConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException failure) {
            throw new LinkageError("the vector backend does not start", failure);
        }
    }
}
