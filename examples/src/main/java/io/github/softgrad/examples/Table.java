package io.github.softgrad.examples;

import io.github.softgrad.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/// A table of numbers: one row for each sample, the target apart.
///
/// @param names the names of the features
/// @param features samples x features
/// @param target one number for each sample
record Table(List<String> names, Tensor features, Tensor target) {

    /// Rows to learn from, and rows that are only looked at in the end.
    record Split(Table train, Table test) {}

    /// Reads a comma-separated file beside the examples, whose first line has the names and last column the
    /// target.
    static Table read(String file) {
        List<String> lines = lines("/data/" + file);
        List<String> header = List.of(lines.getFirst().split(","));
        double[][] rows = lines.stream()
                .skip(1)
                .map(line -> Arrays.stream(line.split(","))
                        .mapToDouble(Double::parseDouble)
                        .toArray())
                .toArray(double[][]::new);
        Tensor numbers = Tensor.of(rows);
        int last = header.size() - 1;
        return new Table(
                header.subList(0, last),
                numbers.slice(1, 0, last),
                numbers.slice(1, last, last + 1).squeeze(1));
    }

    private static List<String> lines(String resource) {
        try (InputStream in = Table.class.getResourceAsStream(resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// Deals the shuffled rows to both parts; `share` of them are for training.
    Split split(double share, RandomGenerator random) {
        int[] order = permutation(rows(), random);
        int cut = (int) Math.round(share * rows());
        return new Split(take(Arrays.copyOf(order, cut)), take(Arrays.copyOfRange(order, cut, order.length)));
    }

    /// The numbers below n in a random order.
    static int[] permutation(int n, RandomGenerator random) {
        int[] order = IntStream.range(0, n).toArray();
        for (int i = n - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            int moved = order[i];
            order[i] = order[other];
            order[other] = moved;
        }
        return order;
    }

    private Table take(int... rows) {
        return new Table(names, features.take(rows, 0), target.take(rows, 0));
    }

    /// The same samples with fewer features.
    Table select(int... columns) {
        List<String> selected = Arrays.stream(columns).mapToObj(names::get).toList();
        return new Table(selected, features.take(columns, 1), target);
    }

    Table withFeatures(Tensor features) {
        return new Table(names, features, target);
    }

    Table withTarget(Tensor target) {
        return new Table(names, features, target);
    }

    int rows() {
        return features.dim(0);
    }

    int columns() {
        return features.dim(1);
    }
}
