package io.github.softgrad;

/// A tensor inside a differentiated function: its value, the node that made it and the trace that it belongs
/// to.
///
/// The value may itself be traced by an outer call; that is all that higher derivatives need.
final class TracedTensor implements Tensor {
    private final Tensor value;
    private final Node node;
    private final Trace trace;

    TracedTensor(Tensor value, Node node, Trace trace) {
        this.value = value;
        this.node = node;
        this.trace = trace;
    }

    Tensor value() {
        return value;
    }

    Node node() {
        return node;
    }

    Trace trace() {
        return trace;
    }

    @Override
    public DType dtype() {
        return value.dtype();
    }

    @Override
    public int[] shape() {
        return value.shape();
    }

    @Override
    public int rank() {
        return value.rank();
    }

    @Override
    public int size() {
        return value.size();
    }

    @Override
    public double[] toDoubles() {
        return value.toDoubles();
    }

    @Override
    public float[] toFloats() {
        return value.toFloats();
    }

    @Override
    public String toString() {
        return "traced " + value;
    }
}
