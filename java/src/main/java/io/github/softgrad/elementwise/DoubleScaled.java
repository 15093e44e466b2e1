package io.github.softgrad.elementwise;

/// A curve with a softness for each number: that with softness 1 at the quotients, whose rounding errors are
/// kept, and scaled.
final class DoubleScaled implements DoubleCurve {

    private final DoubleCurve curve;
    private final double[] quotient;
    private final double[] quotientError;
    private final double[] distance;
    private final double[] below;
    private final double[] above;
    private double[] softness;
    private int softnessAt;
    private boolean lostDigits;

    DoubleScaled(Curve curve, int size) {
        this.curve = DoubleCurve.of(curve, 1);
        quotient = new double[size];
        quotientError = new double[size];
        distance = new double[size];
        below = new double[size];
        above = new double[size];
    }

    /// Whether scaling is one rounding too many.
    static boolean hasTooManyRoundings(SoftFunction function) {
        return function instanceof SoftFunction.Sigmoidal(Curve curve, int order)
                && curve == Curve.QUINTIC
                && order < 0;
    }

    /// Takes the softness for the calls that follow, up to the next one.
    void prepare(double[] softness, int from) {
        this.softness = softness;
        softnessAt = from;
        lostDigits = false;
    }

    /// Whether values were so small that they lost digits when they were scaled.
    boolean lostDigits() {
        return lostDigits;
    }

    @Override
    public void evaluate(CurveForm form, double[] hi, int from, double[] lo, double[] out, int to, int length) {
        double tail = curve.tail();
        boolean far = DoublePasses.quotient(hi, from, lo, softness, softnessAt, tail, quotient, quotientError, length);
        switch (form) {
            case AREA -> {
                curve.evaluate(form, quotient, 0, quotientError, out, to, length);
                DoublePasses.scale(softness, softnessAt, out, to, length);
            }
            case SLOPE -> {
                curve.evaluate(form, quotient, 0, quotientError, out, to, length);
                DoublePasses.divide(softness, softnessAt, out, to, length);
            }
            case GATED -> {
                curve.evaluate(CurveForm.STEP, quotient, 0, quotientError, out, to, length);
                DoublePasses.timesFinite(hi, from, out, to, length);
            }
            case ABS -> {
                curve.evaluate(CurveForm.SIGN, quotient, 0, quotientError, out, to, length);
                DoublePasses.scale(hi, from, out, to, length);
            }
            default -> curve.evaluate(form, quotient, 0, quotientError, out, to, length);
        }
        boolean scaled = form == CurveForm.AREA || form == CurveForm.SLOPE || form == CurveForm.GATED;
        lostDigits |= far && scaled;
    }

    @Override
    public void compare(
            double[] x,
            int from,
            double[] y,
            int atY,
            double shift,
            double shiftError,
            double[] hi,
            double[] lo,
            double[] out,
            int to,
            int length) {
        DoublePasses.difference(x, from, y, atY, shift, shiftError, hi, lo, length);
        evaluate(CurveForm.STEP, hi, 0, lo, out, to, length);
    }

    @Override
    public int reach() {
        return curve.reach();
    }

    @Override
    public double tail() {
        return curve.tail();
    }

    @Override
    public void clip(double[][] in, int[] at, double[] out, int to, int length) {
        DoublePasses.behind(in[0], at[0], in[1], at[1], distance, length);
        evaluate(CurveForm.AREA, distance, 0, null, below, 0, length);
        DoublePasses.behind(in[0], at[0], in[2], at[2], distance, length);
        evaluate(CurveForm.AREA, distance, 0, null, above, 0, length);
        DoublePasses.clamp(in, at, below, above, out, to, length);
        lostDigits = false;
    }

    @Override
    public void round(double[] x, int from, int terms, double[] out, int to, int length) {
        throw new UnsupportedOperationException("rounding with a softness for each number has no loop");
    }
}
