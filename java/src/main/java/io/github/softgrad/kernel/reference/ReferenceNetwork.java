package io.github.softgrad.kernel.reference;

import io.github.softgrad.kernel.NetworkArguments;
import io.github.softgrad.kernel.NetworkKernels;
import io.github.softgrad.kernel.StepCurve;
import java.util.Arrays;
import java.util.function.BiFunction;

/// The sorting network in plain Java, row by row and vector by vector.
final class ReferenceNetwork implements NetworkKernels {

    @Override
    public void sort(StepCurve curve, int rows, int n, double[] x, double softness, double[] y) {
        NetworkArguments.checkSort(rows, n, x, softness, y);
        for (int row = 0; row < rows; row++) {
            double[] own = part(x, row * n, n);
            double[] sorted = isFinite(own) ? new NetworkFormula(curve, own, softness).sorted() : spoilt(n);
            System.arraycopy(sorted, 0, y, row * n, n);
        }
    }

    @Override
    public void sortVjp(
            StepCurve curve,
            int rows,
            int n,
            double[] x,
            double softness,
            double[] g,
            double[] dx,
            double[] dsoftness) {
        NetworkArguments.checkSortVjp(rows, n, x, softness, g, dx, dsoftness);
        for (int row = 0; row < rows; row++) {
            double[] own = part(x, row * n, n);
            double[] pulled = isFinite(own) ? new double[n] : spoilt(n);
            dsoftness[row] = isFinite(own)
                    ? new NetworkFormula(curve, own, softness).pullSort(part(g, row * n, n), pulled)
                    : Double.NaN;
            System.arraycopy(pulled, 0, dx, row * n, n);
        }
    }

    @Override
    public void apply(StepCurve curve, int rows, int n, double[] x, double softness, Vectors v, double[] y) {
        forEachVector(curve, rows, n, x, softness, v, y, NetworkFormula::apply);
    }

    @Override
    public void applyTransposed(StepCurve curve, int rows, int n, double[] x, double softness, Vectors v, double[] y) {
        forEachVector(curve, rows, n, x, softness, v, y, NetworkFormula::applyTransposed);
    }

    private static void forEachVector(
            StepCurve curve,
            int rows,
            int n,
            double[] x,
            double softness,
            Vectors v,
            double[] y,
            BiFunction<NetworkFormula, double[], double[]> product) {
        NetworkArguments.checkApply(rows, n, x, softness, v, y);
        for (int row = 0; row < rows; row++) {
            double[] own = part(x, row * n, n);
            NetworkFormula network = isFinite(own) ? new NetworkFormula(curve, own, softness) : null;
            for (int k = 0; k < v.count(); k++) {
                double[] vector = part(v.data(), v.offset(row, n) + k * n, n);
                double[] result = network == null ? spoilt(n) : product.apply(network, vector);
                System.arraycopy(result, 0, y, (row * v.count() + k) * n, n);
            }
        }
    }

    @Override
    public void applyVjp(
            StepCurve curve,
            int rows,
            int n,
            double[] x,
            double softness,
            Vectors forward,
            Vectors backward,
            double[] dx,
            double[] dsoftness) {
        NetworkArguments.checkApplyVjp(rows, n, x, softness, forward, backward, dx, dsoftness);
        for (int row = 0; row < rows; row++) {
            double[] own = part(x, row * n, n);
            double[] pulled = isFinite(own) ? new double[n] : spoilt(n);
            dsoftness[row] = isFinite(own) ? 0 : Double.NaN;
            if (isFinite(own)) {
                NetworkFormula network = new NetworkFormula(curve, own, softness);
                for (int k = 0; k < forward.count(); k++) {
                    double[] from = part(forward.data(), forward.offset(row, n) + k * n, n);
                    double[] to = part(backward.data(), backward.offset(row, n) + k * n, n);
                    dsoftness[row] += network.pullApply(from, to, pulled);
                }
            }
            System.arraycopy(pulled, 0, dx, row * n, n);
        }
    }

    private static double[] part(double[] data, int offset, int n) {
        return Arrays.copyOfRange(data, offset, offset + n);
    }

    private static boolean isFinite(double[] row) {
        return Arrays.stream(row).allMatch(Double::isFinite);
    }

    private static double[] spoilt(int n) {
        double[] row = new double[n];
        Arrays.fill(row, Double.NaN);
        return row;
    }
}
