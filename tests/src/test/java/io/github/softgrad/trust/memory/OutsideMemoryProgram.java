package io.github.softgrad.trust.memory;

import io.github.softgrad.Method;
import io.github.softgrad.Order;
import io.github.softgrad.Soft;
import io.github.softgrad.Tensor;
import io.github.softgrad.trust.Catalogue;

/// Solves larger and larger problems, and small ones in between, with little memory outside the heap that the
/// collector frees: what is kept of the ones must not stand in the way of the others.
final class OutsideMemoryProgram {

    private OutsideMemoryProgram() {}

    public static void main(String[] arguments) {
        int solved = 0;
        for (int n = 100; n <= 2000; n += 100) {
            plan(n);
            plan(Math.min(n, 900));
            Soft.smooth().method(new Method.SortingNetwork()).sort(Catalogue.matrix(n, 40, 200), 1, Order.ASCENDING);
            solved += 3;
        }
        System.out.println("solved: " + solved);
    }

    private static void plan(int n) {
        Tensor shares = Tensor.full(1.0 / n, n);
        Tensor plan = Soft.smooth()
                .softness(1)
                .projectTransport(Catalogue.matrix(n, n, n).square(), shares, shares);
        double sum = plan.sum().item();
        if (Math.abs(sum - n) > 1e-9 * n) {
            throw new AssertionError("a plan of " + n + " with the mass " + sum);
        }
    }
}
