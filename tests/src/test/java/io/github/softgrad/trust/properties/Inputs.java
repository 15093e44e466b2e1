package io.github.softgrad.trust.properties;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/// The kinds of lines that properties are tried on; every one is finite.
enum Inputs {
    RANDOM {
        @Override
        double[] line(RandomGenerator random, int n) {
            return filled(n, random::nextGaussian);
        }
    },
    TIED {
        @Override
        double[] line(RandomGenerator random, int n) {
            return filled(n, () -> Math.rint(2 * random.nextGaussian()) / 2);
        }
    },
    NEARLY_TIED {
        @Override
        double[] line(RandomGenerator random, int n) {
            return filled(n, () -> (1 + random.nextInt(3)) * (1 + random.nextInt(4) * 0x1p-52));
        }
    },
    CONSTANT {
        @Override
        double[] line(RandomGenerator random, int n) {
            double value = random.nextGaussian();
            return filled(n, () -> value);
        }
    },
    SORTED {
        @Override
        double[] line(RandomGenerator random, int n) {
            double[] line = RANDOM.line(random, n);
            Arrays.sort(line);
            return line;
        }
    },
    REVERSED {
        @Override
        double[] line(RandomGenerator random, int n) {
            double[] negated = SORTED.line(random, n);
            Arrays.setAll(negated, i -> -negated[i]);
            return negated;
        }
    },
    CLUSTERED {
        @Override
        double[] line(RandomGenerator random, int n) {
            return filled(n, () -> random.nextInt(3) + 1e-9 * random.nextGaussian());
        }
    },
    WITH_AN_OUTLIER {
        @Override
        double[] line(RandomGenerator random, int n) {
            double[] line = filled(n, () -> 1e-3 * random.nextGaussian());
            line[random.nextInt(n)] = 1e3 * random.nextGaussian();
            return line;
        }
    },
    /// One size for the line, from 1e-300 to 1e300.
    OF_ANY_SIZE {
        @Override
        double[] line(RandomGenerator random, int n) {
            double size = Math.pow(10, random.nextDouble(-300, 300));
            return filled(n, () -> size * random.nextGaussian());
        }
    },
    /// A size for each entry, from 1e-300 to 1e300.
    OF_ALL_SIZES {
        @Override
        double[] line(RandomGenerator random, int n) {
            return filled(n, () -> Math.copySign(Math.pow(10, random.nextDouble(-300, 300)), random.nextGaussian()));
        }
    },
    FAR_FROM_ZERO {
        @Override
        double[] line(RandomGenerator random, int n) {
            double offset = Math.copySign(Math.pow(10, random.nextDouble(2, 12)), random.nextGaussian());
            return filled(n, () -> offset + random.nextGaussian());
        }
    },
    OF_SINGLE_PRECISION {
        @Override
        double[] line(RandomGenerator random, int n) {
            return filled(n, () -> (float) random.nextGaussian());
        }
    };

    /// A line of n entries.
    abstract double[] line(RandomGenerator random, int n);

    private interface Entry {
        double next();
    }

    private static double[] filled(int n, Entry entry) {
        double[] line = new double[n];
        Arrays.setAll(line, i -> entry.next());
        return line;
    }
}
