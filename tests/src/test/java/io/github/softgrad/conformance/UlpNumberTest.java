package io.github.softgrad.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.obermuhlner.math.big.BigDecimalMath;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// The arithmetic that measures the library agrees with an independent one to 100 digits.
class UlpNumberTest {

    private static final MathContext PRECISION = new MathContext(130);
    private static final BigDecimal TOLERANCE = new BigDecimal("1e-100");
    private static final int POINTS = 200;

    private final SplittableRandom random = new SplittableRandom(20);

    @Test
    void exponentialHasHundredDigits() {
        for (int i = 0; i < POINTS; i++) {
            double x = random.nextDouble(-800, 800) * Math.pow(10, random.nextDouble(-20, 0));
            agrees("exp " + x, UlpNumber.of(x).exp(), BigDecimalMath.exp(new BigDecimal(x), PRECISION));
        }
    }

    @Test
    void exponentialLessOneHasHundredDigitsNearZero() {
        for (int i = 0; i < POINTS; i++) {
            double x = random.nextDouble(-1, 1) * Math.pow(10, random.nextDouble(-20, 1));
            BigDecimal exact =
                    BigDecimalMath.exp(new BigDecimal(x), new MathContext(160)).subtract(BigDecimal.ONE);
            agrees("expm1 " + x, UlpNumber.of(x).expm1(), exact);
        }
    }

    @Test
    void logarithmHasHundredDigits() {
        for (int i = 0; i < POINTS; i++) {
            double x = Math.pow(10, random.nextDouble(-30, 3));
            BigDecimal exact = BigDecimalMath.log(BigDecimal.ONE.add(new BigDecimal(x)), new MathContext(170));
            agrees("log1p " + x, UlpNumber.of(x).log1p(), exact);
        }
    }

    @Test
    void fieldOperationsAndRootHaveHundredDigits() {
        for (int i = 0; i < POINTS; i++) {
            double x = random.nextDouble() * Math.pow(10, random.nextDouble(-300, 300));
            double y = random.nextDouble() * Math.pow(10, random.nextDouble(-20, 20));
            BigDecimal first = new BigDecimal(x);
            BigDecimal second = new BigDecimal(y);
            String label = x + ", " + y;
            agrees("sum of " + label, UlpNumber.of(x).plus(UlpNumber.of(y)), first.add(second));
            agrees("product of " + label, UlpNumber.of(x).times(UlpNumber.of(y)), first.multiply(second));
            agrees("quotient of " + label, UlpNumber.of(x).over(UlpNumber.of(y)), first.divide(second, PRECISION));
            agrees("root of " + x, UlpNumber.of(x).sqrt(), first.sqrt(PRECISION));
        }
    }

    @Test
    void doublesPassThroughUnchangedDownToTheSmallest() {
        for (double x : new double[] {Double.MIN_VALUE, -Double.MIN_NORMAL, 1, -0.1, Double.MAX_VALUE}) {
            assertEquals(0, UlpNumber.of(x).decimal().compareTo(new BigDecimal(x)), () -> "at " + x);
            assertEquals(x, UlpNumber.of(x).doubleValue(), () -> "at " + x);
        }
    }

    @Test
    void theUnitIsThatOfDoubles() {
        for (double x : new double[] {1, 1.5, -0.7, 3e-310, 1e300, Double.MIN_NORMAL}) {
            assertEquals(Math.ulp(x), UlpNumber.of(x).ulp().doubleValue(), () -> "at " + x);
        }
    }

    private static void agrees(String label, UlpNumber ours, BigDecimal exact) {
        BigDecimal difference = ours.decimal().subtract(exact).abs();
        assertTrue(
                difference.compareTo(exact.abs().multiply(TOLERANCE)) <= 0, () -> label + " is off by " + difference);
    }
}
