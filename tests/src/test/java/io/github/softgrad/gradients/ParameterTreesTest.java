package io.github.softgrad.gradients;

import static io.github.softgrad.Autodiff.grad;
import static io.github.softgrad.Autodiff.hvp;
import static io.github.softgrad.Autodiff.jvp;
import static io.github.softgrad.Autodiff.valueAndGrad;
import static io.github.softgrad.Autodiff.vjp;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.github.softgrad.Autodiff;
import io.github.softgrad.DType;
import io.github.softgrad.Tensor;
import io.github.softgrad.Tree;
import io.github.softgrad.properties.Nearly;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/// Records, lists and described objects are parameters: gradients have their structure.
class ParameterTreesTest {

    private record Layer(Tensor weights, Tensor bias) {
        Tensor apply(Tensor x) {
            return x.matmul(weights).plus(bias);
        }
    }

    private record Model(String name, Layer first, List<Layer> rest, double scale, Integer missing) {
        Tensor apply(Tensor x) {
            Tensor y = first.apply(x).tanh();
            for (Layer layer : rest) {
                y = layer.apply(y).tanh();
            }
            return y.times(scale).sum();
        }
    }

    /// Not a record, and keeps its tensors to itself.
    private static final class Line {
        private final Tensor slope;
        private final Tensor offset;

        Line(Tensor slope, Tensor offset) {
            this.slope = slope;
            this.offset = offset;
        }

        Tensor slope() {
            return slope;
        }

        Tensor offset() {
            return offset;
        }

        Tensor at(double x) {
            return slope.times(x).plus(offset).square();
        }
    }

    private static final Tree<Line> LINE = Tree.of(Line::new, Line::slope, Line::offset);

    private static final Tensor INPUT = Tensor.of(new double[][] {{0.3, -0.2}, {1.1, 0.4}, {0.9, 0.8}});

    private static Model model(double shift) {
        Layer first =
                new Layer(Tensor.of(new double[][] {{0.1, 0.2}, {0.3, -0.4}}).plus(shift), Tensor.of(0.5, shift));
        Layer second = new Layer(Tensor.of(new double[][] {{0.7}, {-0.9}}), Tensor.of(0.2));
        return new Model("net", first, List.of(second), 2, null);
    }

    @Test
    void gradientsOfNestedRecordsHaveTheirStructureAndPlainValuesPassThrough() {
        Model at = model(0);
        var result = valueAndGrad(model -> model.apply(INPUT), at);
        Model gradient = result.grad();
        assertEquals(at.apply(INPUT), result.value());
        assertEquals("net", gradient.name());
        assertEquals(2, gradient.scale());
        assertEquals(null, gradient.missing());
        assertEquals(1, gradient.rest().size());
        Tensor byWeights = grad(
                w -> new Model("", new Layer(w, at.first().bias()), at.rest(), 2, 0).apply(INPUT),
                at.first().weights());
        assertEquals(byWeights, gradient.first().weights());
        Tensor byBias = grad(
                b -> new Model(
                                "",
                                at.first(),
                                List.of(new Layer(at.rest().get(0).weights(), b)),
                                2,
                                0)
                        .apply(INPUT),
                at.rest().get(0).bias());
        assertEquals(byBias, gradient.rest().get(0).bias());
    }

    @Test
    void directionalDerivativesOfRecordsAgreeWithTheirGradients() {
        Model at = model(0);
        Model direction = model(0.3);
        Function<Model, Tensor> f = model -> model.apply(INPUT);
        Model gradient = grad(f, at);
        double expected = inner(gradient, direction);
        assertEquals(expected, jvp(f, at, direction).tangent().item(), 1e-13);
        Model product = hvp(f, at, direction);
        double curvature = inner(product, direction);
        double along = Oracle.nested(t -> f.apply(shifted(at, direction, t)), 0, 2)[2];
        assertEquals(along, curvature, 1e-12);
    }

    private static Model shifted(Model at, Model direction, Tensor t) {
        Layer a = at.first();
        Layer d = direction.first();
        Layer b = at.rest().get(0);
        Layer e = direction.rest().get(0);
        Layer first = new Layer(
                a.weights().plus(d.weights().times(t)), a.bias().plus(d.bias().times(t)));
        Layer second = new Layer(
                b.weights().plus(e.weights().times(t)), b.bias().plus(e.bias().times(t)));
        return new Model("", first, List.of(second), 2, 0);
    }

    private static double inner(Model a, Model b) {
        Tree<Model> tree = Tree.reflective();
        double sum = 0;
        for (int i = 0; i < 4; i++) {
            sum += tree.leaves(a).get(i).dot(tree.leaves(b).get(i)).item();
        }
        return sum;
    }

    @Test
    void listsAreParameters() {
        List<Tensor> gradient =
                grad(list -> list.get(0).times(list.get(1)), List.of(Tensor.scalar(3), Tensor.scalar(4)));
        assertEquals(List.of(Tensor.scalar(4), Tensor.scalar(3)), gradient);
    }

    @Test
    void theSameTensorInTwoPlacesIsTwoParameters() {
        Tensor shared = Tensor.of(2);
        Layer gradient = grad(layer -> layer.weights().times(layer.bias()).sum(), new Layer(shared, shared.times(1)));
        assertEquals(Tensor.of(2), gradient.weights());
        Layer twice = grad(layer -> layer.weights().square().sum(), new Layer(shared, shared));
        assertEquals(Tensor.of(4), twice.weights());
        assertEquals(Tensor.of(0), twice.bias());
    }

    @Test
    void formatsMayDifferInsideARecord() {
        Layer at = new Layer(Tensor.ofFloats(1, 2), Tensor.of(3, 4));
        Layer gradient = grad(layer -> layer.weights().times(layer.bias()).sum(), at);
        assertEquals(DType.FLOAT32, gradient.weights().dtype());
        assertEquals(DType.FLOAT64, gradient.bias().dtype());
    }

    @Test
    void aTreeDescribesClassesWithoutReflection() {
        Line at = new Line(Tensor.scalar(2), Tensor.scalar(1));
        Line gradient = grad(line -> line.at(3), at, LINE);
        assertEquals(42, gradient.slope().item());
        assertEquals(14, gradient.offset().item());
        assertEquals(49, valueAndGrad(line -> line.at(3), at, LINE).value().item());
        Line pulled = vjp(line -> line.at(3), at, LINE).pull(Tensor.scalar(0.5));
        assertEquals(21, pulled.slope().item());
    }

    @Test
    void treesOfOneAndOfManyParts() {
        Tree<Line> one = Tree.of(slope -> new Line(slope, Tensor.scalar(1)), Line::slope);
        assertEquals(
                42,
                grad(line -> line.at(3), new Line(Tensor.scalar(2), null), one)
                        .slope()
                        .item());
        Tree<Line> many = Tree.ofParts(parts -> new Line(parts.get(0), parts.get(1)), Line::slope, Line::offset);
        assertEquals(
                14,
                grad(line -> line.at(3), new Line(Tensor.scalar(2), Tensor.scalar(1)), many)
                        .offset()
                        .item());
    }

    @Test
    void customDerivativesTakeTreesAndRecords() {
        Line at = new Line(Tensor.scalar(2), Tensor.scalar(1));
        Function<Line, Tensor> doubled =
                Autodiff.customVjp(line -> line.at(3), (line, value, g) -> new Line(g.times(2), g.times(5)), LINE);
        assertEquals(5, grad(doubled, at, LINE).offset().item());
        Function<Layer, Tensor> constant = Autodiff.customVjp(
                layer -> layer.weights().sum(), (layer, value, g) -> new Layer(layer.weights(), layer.bias()));
        Layer layer = new Layer(Tensor.of(1, 2), Tensor.of(3));
        assertEquals(layer, grad(constant, layer));
    }

    @Test
    void theFunctionSeesTracedTensorsWithReadableValues() {
        Model at = model(0);
        grad(
                model -> {
                    assertInstanceOf(Tensor.class, model.first().weights());
                    Nearly.same(
                            at.first().weights(),
                            Autodiff.stopGradient(model.first().weights()),
                            0,
                            "value");
                    return model.apply(INPUT);
                },
                at);
    }
}
