package io.github.softgrad.elementwise;

/// The logistic curve `1 / (1 + exp(-u))`, `u = x / s`.
///
/// With `q = S (1 - S)` and `T = 2 S - 1 = tanh(u / 2)`, so that `q' = -T q` and `T' = 2 q` in `u`, the k-th
/// derivative is `P(q)` for odd k and `T P(q)` for even k, `P` a polynomial with integer coefficients.
final class Logistic extends Transition {

    /// Below this `u`, `S = exp(u)` to double precision, and `exp(u)` loses digits or will when it is scaled.
    private static final double TAIL = -700;

    /// Beyond this `u` even the largest factor leaves nothing of `exp(u)`, or of the error of `u`.
    private static final double NOTHING = 2048;

    private static final int MAXIMUM_ORDER = 12;
    private static final double[][] COEFFICIENTS = coefficients();

    @Override
    int maximumOrder() {
        return MAXIMUM_ORDER;
    }

    @Override
    boolean hasDifferences() {
        return true;
    }

    @Override
    double at(int order, double hi, double lo, double softness) {
        double quotient = hi / softness;
        double distance = -Math.abs(quotient);
        double error = error(quotient, hi, lo, softness);
        if (distance < TAIL) {
            return mirrored(order, hi, lo, tail(power(order, softness), distance, error));
        }
        double exponential = Math.exp(distance);
        exponential = Math.fma(exponential, error, exponential);
        return switch (order) {
            case -1 -> softplus(hi, lo, exponential, softness);
            case 0 -> (hi > 0 ? 1 : exponential) / (1 + exponential);
            default -> derivative(order, hi, lo, exponential, softness);
        };
    }

    /// `log(1 + exp(u))`, from the side where the exponential is small.
    private static double softplus(double hi, double lo, double exponential, double softness) {
        double logarithm = Math.log1p(exponential);
        return hi > 0 ? Math.fma(softness, logarithm, hi) + lo : softness * logarithm;
    }

    private double derivative(int order, double hi, double lo, double exponential, double softness) {
        double denominator = 1 + exponential;
        double square = denominator * denominator;
        double lost = 2 * denominator * ((1 - denominator) + exponential)
                + Compensated.productError(denominator, denominator);
        double rough = exponential / square;
        double product = Math.fma(rough, -lost / square, rough);
        double[] coefficients = COEFFICIENTS[order];
        double sum = 0;
        for (int j = coefficients.length - 1; j > 0; j--) {
            sum = Math.fma(sum, product, coefficients[j]);
        }
        double value = sum * product;
        for (int k = 0; k < order; k++) {
            value /= softness;
        }
        return order % 2 == 1 ? value : value * sign(hi, lo, softness);
    }

    @Override
    double sign(double hi, double lo, double softness) {
        double quotient = hi / softness;
        double error = error(quotient, hi, lo, softness);
        double decay = Math.expm1(-Math.abs(quotient));
        double sum = 2 + decay;
        double ratio = -decay / sum;
        double slope = error * (decay + 1);
        double numeratorError = Math.fma(-ratio, sum, -decay) - slope;
        double sumError = ((2 - sum) + decay) + slope;
        return Math.copySign(ratio + (numeratorError - ratio * sumError) / sum, quotient);
    }

    @Override
    double gated(double hi, double lo, double softness) {
        double quotient = hi / softness;
        return quotient < TAIL ? tail(hi, quotient, error(quotient, hi, lo, softness)) : hi * at(0, hi, lo, softness);
    }

    /// From `S(p) - S(q) = expm1(p - q) S(q) S(-p)`, `p` and `q` in units of the softness.
    @Override
    double narrowRise(double low, double lowError, double width, double softness) {
        double high = low + width;
        double highError = Compensated.sumError(low, width) + lowError;
        double below = at(0, low, lowError, softness);
        return Math.expm1(width / softness) * below * at(0, -high, -highError, softness);
    }

    /// From `R(p) - R(q) = s log((1 + exp(p)) / (1 + exp(q))) = s log1p(expm1(p - q) S(q))`.
    @Override
    double narrowArea(double low, double lowError, double width, double softness) {
        return softness * Math.log1p(Math.expm1(width / softness) * at(0, low, lowError, softness));
    }

    /// The error of `-|quotient|`, 0 where nothing depends on it.
    private static double error(double quotient, double hi, double lo, double softness) {
        if (!(Math.abs(quotient) < NOTHING)) {
            return 0;
        }
        double error = Compensated.quotientError(quotient, hi, lo, softness);
        return quotient > 0 ? -error : error;
    }

    /// `factor exp(u)`, 0 if the exponential vanishes however large the factor. The exponential is applied in
    /// halves, which are far from underflow.
    private static double tail(double factor, double u, double error) {
        double half = Math.exp(u / 2);
        return half == 0 ? 0 : Math.fma(factor * half, error, factor * half) * half;
    }

    /// `s^-order`, the factor of `F(order)` in the tail.
    private static double power(int order, double softness) {
        double power = order < 0 ? softness : 1;
        for (int k = 0; k < order; k++) {
            power /= softness;
        }
        return power;
    }

    /// Coefficients of `P` by powers of `q`: `P -> -q P'` from odd to even orders, `P -> 2 q P - (1 - 4 q) q
    /// P'` back.
    private static double[][] coefficients() {
        double[][] all = new double[MAXIMUM_ORDER + 1][];
        all[1] = new double[] {0, 1};
        for (int k = 1; k < MAXIMUM_ORDER; k++) {
            double[] next = new double[all[k].length + (k % 2 == 0 ? 1 : 0)];
            for (int j = 1; j < all[k].length; j++) {
                next[j] -= j * all[k][j];
                if (k % 2 == 0) {
                    next[j + 1] += (2 + 4 * j) * all[k][j];
                }
            }
            all[k + 1] = next;
        }
        return all;
    }
}
