// Kotlin needs no wrapper: the methods of Tensor are its operators, and a scalar on the left is one line.
import io.github.softgrad.Autodiff
import io.github.softgrad.Backend
import io.github.softgrad.Order
import io.github.softgrad.Soft
import io.github.softgrad.Tensor

operator fun Double.times(tensor: Tensor): Tensor = tensor * this

fun main() {
    val x = Tensor.of(1.0, 2.0, 3.0, 4.0)
    val y = 0.5 * Tensor.of(4.2, 7.8, 12.4, 160.0)
    val soft = Soft.smooth().softness(0.1)

    val slope = Autodiff.grad({ w: Tensor -> soft.median(soft.abs(-(x * w - y))) }, Tensor.scalar(1.5))
    val ranks = soft.rank(y, 0, Order.ASCENDING)

    val kernels = Backend.kernels().split(",")[0]
    println("slope %.6f, last rank %.6f, kernels %s".format(slope.item(), ranks[3].item(), kernels))
}
