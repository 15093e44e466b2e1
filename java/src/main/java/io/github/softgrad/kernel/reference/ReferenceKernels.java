package io.github.softgrad.kernel.reference;

import static io.github.softgrad.kernel.KernelArguments.elements;
import static io.github.softgrad.kernel.KernelArguments.requireDistinct;
import static io.github.softgrad.kernel.KernelArguments.requireLength;
import static io.github.softgrad.kernel.KernelArguments.requireSoftness;

import io.github.softgrad.kernel.IsotonicKernels;
import io.github.softgrad.kernel.Kernels;
import io.github.softgrad.kernel.LaplaceKernels;
import io.github.softgrad.kernel.MajorizationKernels;
import io.github.softgrad.kernel.NetworkKernels;
import io.github.softgrad.kernel.Regularizer;
import io.github.softgrad.kernel.TransportKernels;
import java.util.Arrays;

/// The kernels in plain Java, each the formula of its definition and no faster than that: what the library
/// falls back to, and what the native kernels are tested against. To be read beside the definitions.
public final class ReferenceKernels implements Kernels {

    @Override
    public String description() {
        return "reference";
    }

    @Override
    public IsotonicKernels isotonic() {
        return new IsotonicFormula();
    }

    @Override
    public TransportKernels transport() {
        return new TransportFormula();
    }

    @Override
    public MajorizationKernels majorization() {
        return new MajorizationFormula();
    }

    @Override
    public NetworkKernels network() {
        return new ReferenceNetwork();
    }

    @Override
    public LaplaceKernels laplace() {
        return new LaplaceFormula();
    }

    @Override
    public void simplex(Regularizer regularizer, int rows, int n, double[] x, double softness, double[] y) {
        checkSimplex(elements(rows, n), x.length, softness, y.length);
        requireDistinct("y", y, x);
        for (int row = 0; row < rows; row++) {
            double[] projection = SimplexFormula.project(regularizer, widened(x, row, n), softness);
            System.arraycopy(projection, 0, y, row * n, n);
        }
    }

    @Override
    public void simplex(Regularizer regularizer, int rows, int n, float[] x, float softness, float[] y) {
        checkSimplex(elements(rows, n), x.length, softness, y.length);
        requireDistinct("y", y, x);
        for (int row = 0; row < rows; row++) {
            narrow(SimplexFormula.project(regularizer, widened(x, row, n), softness), y, row * n);
        }
    }

    @Override
    public void simplexVjp(
            Regularizer regularizer, int rows, int n, double[] y, double softness, double[] g, double[] dx) {
        checkSimplexVjp(elements(rows, n), y.length, softness, g.length, dx.length);
        requireDistinct("dx", dx, y, g);
        for (int row = 0; row < rows; row++) {
            double[] pulled = SimplexFormula.pull(regularizer, widened(y, row, n), softness, widened(g, row, n));
            System.arraycopy(pulled, 0, dx, row * n, n);
        }
    }

    @Override
    public void simplexVjp(Regularizer regularizer, int rows, int n, float[] y, float softness, float[] g, float[] dx) {
        checkSimplexVjp(elements(rows, n), y.length, softness, g.length, dx.length);
        requireDistinct("dx", dx, y, g);
        for (int row = 0; row < rows; row++) {
            narrow(SimplexFormula.pull(regularizer, widened(y, row, n), softness, widened(g, row, n)), dx, row * n);
        }
    }

    private static void checkSimplex(int elements, int x, double softness, int y) {
        requireSoftness(softness);
        requireLength("x", x, elements);
        requireLength("y", y, elements);
    }

    private static void checkSimplexVjp(int elements, int y, double softness, int g, int dx) {
        requireSoftness(softness);
        requireLength("y", y, elements);
        requireLength("g", g, elements);
        requireLength("dx", dx, elements);
    }

    private static double[] widened(double[] data, int row, int n) {
        return Arrays.copyOfRange(data, row * n, (row + 1) * n);
    }

    private static double[] widened(float[] data, int row, int n) {
        double[] wide = new double[n];
        for (int i = 0; i < n; i++) {
            wide[i] = data[row * n + i];
        }
        return wide;
    }

    private static void narrow(double[] wide, float[] target, int offset) {
        for (int i = 0; i < wide.length; i++) {
            target[offset + i] = (float) wide[i];
        }
    }
}
