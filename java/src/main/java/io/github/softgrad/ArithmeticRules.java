package io.github.softgrad;

import io.github.softgrad.elementwise.Arithmetic;
import java.util.EnumMap;
import java.util.Map;

/// The derivative of every plain elementwise operation, one line each.
final class ArithmeticRules {
    private static final Map<Arithmetic, Primitive> PRIMITIVES = new EnumMap<>(Arithmetic.class);

    static {
        for (Arithmetic operation : Arithmetic.values()) {
            PRIMITIVES.put(operation, Pointwise.primitive(operation, (i, x, y, g) -> switch (operation.arity()) {
                case 1 -> unary(operation, x[0], y, g);
                case 2 -> binary(operation, i, x[0], x[1], y, g);
                default -> select(i, x, g);
            }));
        }
    }

    private ArithmeticRules() {}

    static Primitive primitive(Arithmetic operation) {
        return PRIMITIVES.get(operation);
    }

    private static Tensor unary(Arithmetic operation, Tensor x, Tensor y, Tensor g) {
        return switch (operation) {
            case NEGATE -> g.unaryMinus();
            case ABS -> g.times(x.sign());
            case SQUARE -> g.times(x.times(2));
            case RECIPROCAL -> g.times(y.square()).unaryMinus();
            case SQRT -> g.times(0.5).div(y);
            case CBRT -> g.div(y.square().times(3));
            case EXP -> g.times(y);
            case EXPM1 -> g.times(y.plus(1));
            case LOG -> g.div(x);
            case LOG1P -> g.div(x.plus(1));
            case SIN -> g.times(x.cos());
            case COS -> g.times(x.sin()).unaryMinus();
            case TAN -> g.times(y.square().plus(1));
            case ASIN -> g.div(oneMinusSquare(x).sqrt());
            case ACOS -> g.div(oneMinusSquare(x).sqrt()).unaryMinus();
            case ATAN -> g.div(x.square().plus(1));
            case SINH -> g.times(x.cosh());
            case COSH -> g.times(x.sinh());
            case TANH -> g.times(oneMinusSquare(y));
            case SAFE_SQRT -> g.times(0.5).times(guardedReciprocal(y.greater(0), y));
            case SAFE_LOG -> g.times(guardedReciprocal(x.greater(0), x));
            case SAFE_ARCSIN -> g.times(guardedReciprocal(x.abs().less(1), SafeMath.sqrt(oneMinusSquare(x))));
            case SAFE_ARCCOS ->
                g.times(guardedReciprocal(x.abs().less(1), SafeMath.sqrt(oneMinusSquare(x))))
                        .unaryMinus();
            default -> null;
        };
    }

    private static Tensor binary(Arithmetic operation, int argument, Tensor a, Tensor b, Tensor y, Tensor g) {
        boolean first = argument == 0;
        return switch (operation) {
            case PLUS -> g;
            case MINUS -> first ? g : g.unaryMinus();
            case TIMES -> first ? g.times(b) : g.times(a);
            case DIVIDE -> first ? g.div(b) : g.times(y).div(b).unaryMinus();
            case POWER -> g.times(first ? powerInBase(a, b) : powerInExponent(a, y));
            case MINIMUM -> first ? g.times(share(a.less(b), a.equal(b))) : g.times(share(b.less(a), a.equal(b)));
            case MAXIMUM -> first ? g.times(share(a.greater(b), a.equal(b))) : g.times(share(b.greater(a), a.equal(b)));
            case ARCTAN2 -> {
                Tensor radius = a.square().plus(b.square());
                yield first ? g.times(b).div(radius) : g.times(a).div(radius).unaryMinus();
            }
            case SAFE_DIVIDE -> {
                Tensor reciprocal = guardedReciprocal(b.notEqual(0), b);
                yield first ? g.times(reciprocal) : g.times(y).times(reciprocal).unaryMinus();
            }
            default -> null;
        };
    }

    private static Tensor select(int argument, Tensor[] x, Tensor g) {
        return switch (argument) {
            case 1 -> Tensor.select(x[0], g, g.zerosLike());
            case 2 -> Tensor.select(x[0], g.zerosLike(), g);
            default -> null;
        };
    }

    private static Tensor oneMinusSquare(Tensor x) {
        return x.unaryMinus().plus(1).times(x.plus(1));
    }

    /// 1/x where the condition holds and 0 elsewhere, without dividing by zero in either derivative.
    private static Tensor guardedReciprocal(Tensor condition, Tensor x) {
        return Tensor.select(
                condition, Tensor.select(condition, x, x.onesLike()).reciprocal(), x.zerosLike());
    }

    /// The winner takes the whole cotangent; equal arguments share it.
    private static Tensor share(Tensor wins, Tensor ties) {
        return wins.plus(ties.times(0.5));
    }

    /// e b^(e-1). At b = 0 and e = 0 it is 0: another base there keeps 0 times infinity out of derivatives of
    /// every order.
    private static Tensor powerInBase(Tensor base, Tensor exponent) {
        Tensor constant = exponent.equal(0).times(base.equal(0));
        Tensor usable = Tensor.select(constant, base.onesLike(), base);
        return exponent.times(usable.pow(exponent.minus(1)));
    }

    private static Tensor powerInExponent(Tensor base, Tensor power) {
        return power.times(SafeMath.log(base));
    }
}
