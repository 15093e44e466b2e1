// Not a program: the compiler has to refuse it, because the library says that nothing takes null.
import io.github.softgrad.Soft

fun main() {
    println(Soft.smooth().median(null))
}
