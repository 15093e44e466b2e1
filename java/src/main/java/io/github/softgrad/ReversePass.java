package io.github.softgrad;

import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/// Reverse accumulation: from the node of a result back to the leaves, newest node first.
///
/// Keeps its sums beside the tape, so one tape can be pulled back many times and from several threads.
final class ReversePass {
    private final Map<Node, Tensor> cotangents = new IdentityHashMap<>();
    private final PriorityQueue<Node> pending =
            new PriorityQueue<>(Comparator.comparingLong(Node::number).reversed());

    private ReversePass() {}

    /// The cotangents of the leaves, null where the result does not depend on a leaf.
    static Tensor[] run(Node result, Tensor cotangent, List<TracedTensor> leaves) {
        ReversePass pass = new ReversePass();
        pass.add(result, cotangent);
        while (!pass.pending.isEmpty()) {
            Node node = pass.pending.poll();
            if (node.primitive() != null) {
                pass.pullThrough(node, pass.cotangents.remove(node));
            }
        }
        Tensor[] found = new Tensor[leaves.size()];
        for (int i = 0; i < found.length; i++) {
            found[i] = pass.cotangents.get(leaves.get(i).node());
        }
        return found;
    }

    private void pullThrough(Node node, Tensor cotangent) {
        Tensor[] parts = node.primitive().rule().cotangents(node.arguments(), node.result(), cotangent, node.wanted());
        for (int i = 0; i < parts.length; i++) {
            if (parts[i] != null && node.parents()[i] != null) {
                add(node.parents()[i], parts[i]);
            }
        }
    }

    private void add(Node node, Tensor cotangent) {
        Tensor sum = cotangents.get(node);
        if (sum == null) {
            cotangents.put(node, cotangent);
            pending.add(node);
        } else {
            cotangents.put(node, sum.plus(cotangent));
        }
    }
}
