package io.github.softgrad.elementwise;

/// A curve of float32 with a softness for each number: that with softness 1 at the quotients, whose rounding
/// errors are kept, and scaled.
final class FloatScaled implements FloatCurve {

    private final FloatCurve curve;
    private final float[] quotient;
    private final float[] quotientError;
    private final float[] distance;
    private final float[] below;
    private final float[] above;
    private float[] softness;
    private int softnessAt;
    private boolean lostDigits;

    FloatScaled(Curve curve, int size) {
        this.curve = FloatCurve.of(curve, 1);
        quotient = new float[size];
        quotientError = new float[size];
        distance = new float[size];
        below = new float[size];
        above = new float[size];
    }

    /// Whether scaling is one rounding too many.
    static boolean hasTooManyRoundings(SoftFunction function) {
        return function instanceof SoftFunction.Sigmoidal(Curve curve, int order)
                && curve == Curve.QUINTIC
                && order < 0;
    }

    /// Takes the softness for the calls that follow, up to the next one.
    void prepare(float[] softness, int from) {
        this.softness = softness;
        softnessAt = from;
        lostDigits = false;
    }

    /// Whether values were so small that they lost digits when they were scaled.
    boolean lostDigits() {
        return lostDigits;
    }

    @Override
    public void evaluate(CurveForm form, float[] hi, int from, float[] lo, float[] out, int to, int length) {
        float tail = curve.tail();
        boolean far = FloatPasses.quotient(hi, from, lo, softness, softnessAt, tail, quotient, quotientError, length);
        switch (form) {
            case AREA -> {
                curve.evaluate(form, quotient, 0, quotientError, out, to, length);
                FloatPasses.scale(softness, softnessAt, out, to, length);
            }
            case SLOPE -> {
                curve.evaluate(form, quotient, 0, quotientError, out, to, length);
                FloatPasses.divide(softness, softnessAt, out, to, length);
            }
            case GATED -> {
                curve.evaluate(CurveForm.STEP, quotient, 0, quotientError, out, to, length);
                FloatPasses.timesFinite(hi, from, out, to, length);
            }
            case ABS -> {
                curve.evaluate(CurveForm.SIGN, quotient, 0, quotientError, out, to, length);
                FloatPasses.scale(hi, from, out, to, length);
            }
            default -> curve.evaluate(form, quotient, 0, quotientError, out, to, length);
        }
        boolean scaled = form == CurveForm.AREA || form == CurveForm.SLOPE || form == CurveForm.GATED;
        lostDigits |= far && scaled;
    }

    @Override
    public int reach() {
        return curve.reach();
    }

    @Override
    public float tail() {
        return curve.tail();
    }

    @Override
    public void clip(float[][] in, int[] at, float[] out, int to, int length) {
        FloatPasses.behind(in[0], at[0], in[1], at[1], distance, length);
        evaluate(CurveForm.AREA, distance, 0, null, below, 0, length);
        FloatPasses.behind(in[0], at[0], in[2], at[2], distance, length);
        evaluate(CurveForm.AREA, distance, 0, null, above, 0, length);
        FloatPasses.clamp(in, at, below, above, out, to, length);
        lostDigits = false;
    }

    @Override
    public void round(float[] x, int from, int terms, float[] out, int to, int length) {
        throw new UnsupportedOperationException("rounding with a softness for each number has no loop");
    }
}
