package io.github.softgrad;

/// One application of a [Primitive] on the tape, or an argument of the differentiated function (a leaf).
///
/// `arguments` and `result` are seen one level below the trace; `parents[i]` is null where argument `i` is a
/// constant.
record Node(long number, Primitive primitive, Tensor[] arguments, Tensor result, Node[] parents) {
    private static final Node[] NONE = {};

    static Node leaf() {
        return new Node(Trace.nextNumber(), null, null, null, NONE);
    }

    boolean[] wanted() {
        boolean[] wanted = new boolean[parents.length];
        for (int i = 0; i < wanted.length; i++) {
            wanted[i] = parents[i] != null;
        }
        return wanted;
    }
}
