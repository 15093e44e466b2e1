package io.github.softgrad.examples;

import io.github.softgrad.Tensor;

/// The change of units that gives each feature of the training rows the mean 0 and the deviation 1.
///
/// @param mean one number for each feature
/// @param deviation one number for each feature
record Scaling(Tensor mean, Tensor deviation) {

    static Scaling of(Tensor features) {
        Tensor mean = features.mean(0);
        return new Scaling(mean, features.minus(mean).square().mean(0).sqrt());
    }

    /// Both parts in the units of the training rows: the test rows have no say in them.
    static Table.Split standardize(Table.Split split) {
        Scaling scaling = of(split.train().features());
        return new Table.Split(scaling.apply(split.train()), scaling.apply(split.test()));
    }

    Table apply(Table table) {
        return table.withFeatures(table.features().minus(mean).div(deviation));
    }

    /// Numbers in standard units, one for each feature, in the original ones.
    Tensor undo(Tensor standardized) {
        return standardized.times(deviation).plus(mean);
    }
}
