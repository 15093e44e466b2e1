package io.github.softgrad.gradients;

import io.github.softgrad.Autodiff;
import io.github.softgrad.Tensor;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.hipparchus.analysis.differentiation.DSFactory;
import org.hipparchus.analysis.differentiation.DerivativeStructure;
import org.hipparchus.analysis.differentiation.Gradient;

/// Derivatives by Hipparchus, a library of its own authors with rules of its own: an independent second
/// opinion.
final class Oracle {
    private Oracle() {}

    /// The value and the first `order` derivatives of a function of one variable.
    static double[] derivatives(UnaryOperator<DerivativeStructure> function, double at, int order) {
        DerivativeStructure result = function.apply(new DSFactory(1, order).variable(0, at));
        double[] derivatives = new double[order + 1];
        for (int k = 0; k <= order; k++) {
            derivatives[k] = result.getPartialDerivative(k);
        }
        return derivatives;
    }

    /// The same by Softgrad: nested gradients.
    static double[] nested(UnaryOperator<Tensor> function, double at, int order) {
        double[] derivatives = new double[order + 1];
        Function<Tensor, Tensor> current = function::apply;
        for (int k = 0; k <= order; k++) {
            derivatives[k] = current.apply(Tensor.scalar(at)).item();
            Function<Tensor, Tensor> differentiated = current;
            current = x -> Autodiff.grad(differentiated, x);
        }
        return derivatives;
    }

    /// The gradient of a function of several variables.
    static double[] gradient(Function<Gradient[], Gradient> function, double... at) {
        Gradient[] variables = new Gradient[at.length];
        for (int i = 0; i < at.length; i++) {
            variables[i] = Gradient.variable(at.length, i, at[i]);
        }
        return function.apply(variables).getGradient();
    }

    /// The Hessian of a function of several variables, row by row.
    static double[] hessian(Function<DerivativeStructure[], DerivativeStructure> function, double... at) {
        int n = at.length;
        DSFactory factory = new DSFactory(n, 2);
        DerivativeStructure[] variables = new DerivativeStructure[n];
        for (int i = 0; i < n; i++) {
            variables[i] = factory.variable(i, at[i]);
        }
        DerivativeStructure result = function.apply(variables);
        double[] hessian = new double[n * n];
        for (int i = 0; i < n * n; i++) {
            int[] orders = new int[n];
            orders[i / n]++;
            orders[i % n]++;
            hessian[i] = result.getPartialDerivative(orders);
        }
        return hessian;
    }
}
