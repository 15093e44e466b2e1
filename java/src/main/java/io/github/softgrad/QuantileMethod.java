package io.github.softgrad;

/// What a quantile is when its place `q (n - 1)` lies between two sorted entries; NumPy's five basic methods.
public enum QuantileMethod {
    /// Interpolates linearly.
    LINEAR,
    /// The entry below.
    LOWER,
    /// The entry above.
    HIGHER,
    /// The nearer entry; halves go down.
    NEAREST,
    /// The mean of both, or the entry itself where the place is whole.
    MIDPOINT;

    /// The place of a quantile among n sorted entries: the lower entry and the weight of the next one, and
    /// whether the method never reads a second one.
    record Place(int index, double weight, boolean single) {
        /// The next entry, the last one at the end.
        int next(int n) {
            return Math.min(index + 1, n - 1);
        }

        /// Neighbouring places of the order, from `first` on.
        record Range(int first, int count) {}

        /// The fewest neighbouring places among n in which the entries of all quantiles are.
        static Range range(Place[] places, int n) {
            int first = n;
            int last = 0;
            for (Place place : places) {
                first = Math.min(first, place.index());
                last = Math.max(last, place.single() ? place.index() : place.next(n));
            }
            return new Range(first, last - first + 1);
        }

        /// The lower and the next entry of each place, one after another.
        static int[] neighbours(Place[] places, int n) {
            int[] neighbours = new int[2 * places.length];
            for (int i = 0; i < places.length; i++) {
                neighbours[2 * i] = places[i].index();
                neighbours[2 * i + 1] = places[i].next(n);
            }
            return neighbours;
        }
    }

    Place place(double q, int n) {
        double position = q * (n - 1);
        int floor = (int) position;
        double fraction = position - floor;
        return switch (this) {
            case LINEAR -> new Place(floor, fraction, false);
            case LOWER -> new Place(floor, 0, true);
            case HIGHER -> new Place((int) Math.ceil(position), 0, true);
            case NEAREST -> new Place((int) Math.ceil(position - 0.5), 0, true);
            case MIDPOINT -> {
                long nearest = Math.round(position);
                boolean whole = Math.abs(position - nearest) <= 1e-9;
                yield whole ? new Place((int) nearest, 0, false) : new Place(floor, 0.5, false);
            }
        };
    }
}
