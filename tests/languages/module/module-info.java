/// A program that is a module and needs nothing but Softgrad.
module reader {
    requires io.github.softgrad;
}
