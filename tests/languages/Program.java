// A program of one file: java -cp softgrad.jar Program.java
import io.github.softgrad.Autodiff;
import io.github.softgrad.Backend;
import io.github.softgrad.Order;
import io.github.softgrad.Soft;
import io.github.softgrad.Tensor;

void main() {
    Tensor x = Tensor.of(1, 2, 3, 4);
    Tensor y = Tensor.of(2.1, 3.9, 6.2, 80);
    Soft soft = Soft.smooth().softness(0.1);

    Tensor slope = Autodiff.grad(w -> soft.median(soft.abs(y.minus(x.times(w)))), Tensor.scalar(1.5));
    Tensor ranks = soft.rank(y, 0, Order.ASCENDING);

    IO.println("slope %.6f, last rank %.6f, kernels %s"
            .formatted(slope.item(), ranks.get(3).item(), Backend.kernels().split(",")[0]));
}
