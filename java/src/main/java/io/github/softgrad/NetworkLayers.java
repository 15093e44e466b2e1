package io.github.softgrad;

import io.github.softgrad.elementwise.Curve;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/// The soft sorting network layer by layer in tensor operations, for second and higher derivatives.
///
/// A layer turns v into `v + q (partner of v - v)`, with `q = S((x - partner of x) / s)` where the minimum
/// belongs and the same of the negative difference where the maximum does. So both ends of a pair have the same
/// q, and a layer is its own transpose.
///
/// *Reference*: Petersen et al., ICML 2021; `kernel.NetworkKernels`.
record NetworkLayers(Curve curve) {

    /// One layer of the schedule.
    ///
    /// @param partners the other end of each position's pair
    /// @param signs 1 where the minimum belongs, -1 where the maximum does
    /// @param pads 1 where the pair has a pad
    /// @param moves what q is there: 1 where the pair changes places
    private record Layer(int[] partners, Tensor signs, Tensor pads, Tensor moves) {
        Tensor mix(Tensor v, Tensor q) {
            return v.plus(q.times(v.take(partners, -1).minus(v)));
        }
    }

    /// What `SoftNetwork` has as a kernel: the cotangents of the rows, and of each row's softness in one more
    /// column.
    Tensor pullSort(Tensor x, Tensor softness, Tensor g) {
        return pull(x, softness, g, at -> {
            Tensor row = padded(at.get(0));
            for (Layer layer : schedule(x.dim(-1))) {
                row = layer.mix(row, mixing(layer, row, at.get(1)));
            }
            return row.slice(-1, 0, x.dim(-1));
        });
    }

    Tensor pullProduct(Tensor x, Tensor softness, Tensor forward, Tensor backward) {
        Tensor g = backward.broadcastTo(Shapes.insert(x.shape(), x.rank() - 1, backward.dim(-2)));
        return pull(x, softness, g, at -> {
            Tensor row = padded(at.get(0));
            Tensor v = padded(forward);
            for (Layer layer : schedule(x.dim(-1))) {
                Tensor q = mixing(layer, row, at.get(1));
                v = layer.mix(v, q.expandDims(-2));
                row = layer.mix(row, q);
            }
            return v.slice(-1, 0, x.dim(-1));
        });
    }

    private static Tensor pull(Tensor x, Tensor softness, Tensor g, Function<List<Tensor>, Tensor> network) {
        Tensor ofRows = softness.broadcastTo(Shapes.with(x.shape(), x.rank() - 1, 1));
        return Tensor.concatenate(
                -1, Autodiff.vjp(network, List.of(x, ofRows)).pull(g).toArray(Tensor[]::new));
    }

    private Tensor mixing(Layer layer, Tensor row, Tensor softness) {
        Tensor ahead = row.minus(row.take(layer.partners, -1)).times(layer.signs);
        return Tensor.select(layer.pads, layer.moves, SoftPointwise.sigmoidal(curve, 0, ahead, softness));
    }

    // --- the schedule ---------------------------------------------------------------------------------------------

    private static int ends(int n) {
        return n <= 1 ? 1 : Integer.highestOneBit(n - 1) * 2;
    }

    private static Tensor padded(Tensor x) {
        int n = x.dim(-1);
        int[] pads = Shapes.with(x.shape(), x.rank() - 1, ends(n) - n);
        return ends(n) == n ? x : Tensor.concatenate(-1, x, Tensor.zeros(pads));
    }

    /// Batcher's bitonic sorter, with the way of the pads, which does not depend on the numbers.
    private static List<Layer> schedule(int n) {
        boolean[] isPad = new boolean[ends(n)];
        Arrays.fill(isPad, n, isPad.length, true);
        List<Layer> layers = new ArrayList<>();
        for (int block = 2; block <= isPad.length; block *= 2) {
            for (int distance = block / 2; distance > 0; distance /= 2) {
                layers.add(layer(block, distance, isPad));
            }
        }
        return layers;
    }

    private static Layer layer(int block, int distance, boolean[] isPad) {
        int[] partners = new int[isPad.length];
        double[] signs = new double[isPad.length];
        double[] pads = new double[isPad.length];
        double[] moves = new double[isPad.length];
        for (int i = 0; i < isPad.length; i++) {
            partners[i] = i ^ distance;
            boolean minimum = ((i & distance) == 0) == ((i & block) == 0);
            signs[i] = minimum ? 1 : -1;
            pads[i] = isPad[i] || isPad[partners[i]] ? 1 : 0;
            moves[i] = isPad[i] != isPad[partners[i]] && isPad[i] == minimum ? 1 : 0;
        }
        boolean[] before = isPad.clone();
        for (int i = 0; i < isPad.length; i++) {
            isPad[i] = before[moves[i] == 1 ? partners[i] : i];
        }
        return new Layer(partners, Tensor.of(signs), Tensor.of(pads), Tensor.of(moves));
    }
}
