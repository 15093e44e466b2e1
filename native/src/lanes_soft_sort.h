/*
 * SoftSort with the entropy, rows in lanes. In the sorted frame the sums over the left and over the right of an element
 * follow from those of its neighbour (see laplace.c); K_kj = exp(-|s_k - s_j| / softness).
 */
#ifndef SOFTGRAD_LANES_SOFT_SORT_H
#define SOFTGRAD_LANES_SOFT_SORT_H

#include "lanes_frame.h"

/*
 * What a gap does to sums: factor r = exp(-d), stored as r where that is below 1/2 and otherwise as r - 1, which is
 * then at most zero: multiplying by 1 + (r - 1) accumulates no systematic error over equal small gaps.
 */
INLINE Lanes decay_over(Lanes d) {
    Lanes scale, excess = split_exponential(-d, &scale);
    Lanes factor = scale + scale * excess;
    Lanes lost = (1 - scale) - scale * excess;
    return choose(below(lost, lanes_of((Real)0.5)), -lost, factor);
}

INLINE Lanes decayed(Lanes decay, Test slight, Lanes sum) {
    return decay * sum + where(slight, sum);
}

/* Of values between which v_(k+1) - v_k goes from the k-th to the next; ranks are 1 apart. */
INLINE Lanes step_of_values(const struct frame *frame, int k) {
    return has(frame, SOFTGRAD_RANK) ? lanes_of(1) : frame->v[k + 1] - frame->v[k];
}

/* For each k: mass = sum K_kj and shift = sum K_kj |v_j - v_k|, over j <= k on the left and j >= k on the right. */
struct sides {
    Lanes *left_mass, *left_shift, *right_mass, *right_shift;
};

static struct sides sides_in(struct frame *frame) {
    Lanes *left_mass = array_in(frame), *left_shift = array_in(frame);
    Lanes *right_mass = array_in(frame), *right_shift = array_in(frame);
    return (struct sides){left_mass, left_shift, right_mass, right_shift};
}

INLINE void sum_sides(const struct frame *frame, int ranks, const Lanes *decay, struct sides sides) {
    const int n = frame->task.n;
    Lanes mass = lanes_of(1), shift = lanes_of(0), mass_behind = lanes_of(1), shift_behind = lanes_of(0);
    for (int k = 0, behind = n - 1;; k++, behind--) {
        sides.left_mass[k] = mass;
        sides.left_shift[k] = shift;
        sides.right_mass[behind] = mass_behind;
        sides.right_shift[behind] = shift_behind;
        if (behind == 0) {
            return;
        }
        Lanes step = ranks ? lanes_of(1) : frame->v[k + 1] - frame->v[k];
        Test slight = at_most(decay[k], lanes_of(0));
        shift = decayed(decay[k], slight, shift + step * mass);
        mass = decayed(decay[k], slight, mass) + 1;
        Lanes step_behind = ranks ? lanes_of(1) : frame->v[behind] - frame->v[behind - 1];
        Test slight_behind = at_most(decay[behind - 1], lanes_of(0));
        shift_behind = decayed(decay[behind - 1], slight_behind, shift_behind + step_behind * mass_behind);
        mass_behind = decayed(decay[behind - 1], slight_behind, mass_behind) + 1;
    }
}

static void sum_both_sides(const struct frame *frame, const Lanes *decay, struct sides sides) {
    if (has(frame, SOFTGRAD_RANK)) {
        sum_sides(frame, 1, decay, sides);
    } else {
        sum_sides(frame, 0, decay, sides);
    }
}

static void soft_sort(struct frame *frame, Real *y, StoredReal *state) {
    const int n = frame->task.n;
    Lanes *decay = array_in(frame), *share = array_in(frame), *result = array_in(frame);
    struct sides sides = sides_in(frame);
    const Lanes scale = position_scale(frame);
    for (int k = 0; k < n - 1; k++) {
        decay[k] = decay_over((frame->s[k + 1] - frame->s[k]) * scale);
    }
    sum_both_sides(frame, decay, sides);
    for (int k = 0; k < n; k++) {
        share[k] = 1 / (sides.left_mass[k] + (sides.right_mass[k] - 1));
        result[k] = (sides.right_shift[k] - sides.left_shift[k]) * share[k];
    }
    if (state) {
        state = keep_frame(frame, state);
        state = keep(frame->rows, n - 1, decay, state);
        keep(frame->rows, n, share, state);
    }
    if (!has(frame, SOFTGRAD_RANK)) {
        for (int k = 0; k < n; k++) {
            result[k] = (frame->v[k] + result[k]) * frame->unit + frame->poison;
        }
        write_places(frame, result, y);
        return;
    }
    const int descending = has(frame, SOFTGRAD_DESCENDING);
    for (int k = 0; k < n; k++) {
        result[k] = (descending ? (Real)(n - k) - result[k] : (Real)(k + 1) + result[k]) + frame->poison;
    }
    scatter(frame, result, y);
}

/* --- the vector-Jacobian product ---------------------------------------------------------------------------------- */

/* What the pull of one row reads; the results overwrite `mass` and `moment`. */
struct soft_sort_pull {
    const Lanes *decay, *share, *g;
    struct sides sides;
    Lanes *mass, *moment; /* of the cotangents on the right, see below */
    Lanes scale;
};

/*
 * With y_k = v_k + e_k and u_k = share_k g_k, the sums over i >= k of K_ki u_i (mass) and of
 * K_ki u_i (v_(k-1) - v_i - e_i) (moment, stored for k - 1).
 */
static void sum_right_cotangents(const struct frame *frame, const struct soft_sort_pull *pull) {
    Lanes mass = lanes_of(0), moment = lanes_of(0);
    for (int k = frame->task.n - 1;; k--) {
        Lanes u = pull->share[k] * pull->g[k];
        Lanes e = (pull->sides.right_shift[k] - pull->sides.left_shift[k]) * pull->share[k];
        mass += u;
        moment -= u * e;
        pull->mass[k] = mass;
        if (k == 0) {
            return;
        }
        moment -= step_of_values(frame, k - 1) * mass;
        pull->moment[k - 1] = moment;
        Test slight = at_most(pull->decay[k - 1], lanes_of(0));
        mass = decayed(pull->decay[k - 1], slight, mass);
        moment = decayed(pull->decay[k - 1], slight, moment);
    }
}

/*
 * Towards the right come the sums over i <= k, and with them for each gap the flux, which is minus the cotangent of its
 * length in softness: every product K_ij over it goes from a left sum to a right one. Neighbouring fluxes make the
 * cotangent of s, and all of them, without cancellation, that of the softness, which is returned times the softness.
 */
static Lanes pull_through_gaps(const struct frame *frame, const struct soft_sort_pull *pull) {
    const int n = frame->task.n;
    Lanes mass = lanes_of(0), moment = lanes_of(0), flux_before = lanes_of(0), of_softness = lanes_of(0);
    for (int k = 0;; k++) {
        Lanes u = pull->share[k] * pull->g[k];
        Lanes e = (pull->sides.right_shift[k] - pull->sides.left_shift[k]) * pull->share[k];
        mass += u;
        moment -= u * e;
        Lanes right_mass = pull->mass[k];
        pull->mass[k] = right_mass + (mass - u);
        if (k == n - 1) {
            pull->moment[k] = -flux_before * pull->scale;
            return of_softness;
        }
        moment += step_of_values(frame, k) * mass;
        Lanes d = (frame->s[k + 1] - frame->s[k]) * pull->scale;
        Test slight = at_most(pull->decay[k], lanes_of(0)), acts = below(d, lanes_of(-LOWEST_EXPONENT));
        Lanes factor = where(acts, decayed(pull->decay[k], slight, lanes_of(1)));
        Lanes towards_right = mass * pull->sides.right_shift[k + 1] + moment * pull->sides.right_mass[k + 1];
        Lanes towards_left = pull->moment[k] * pull->sides.left_mass[k] - pull->mass[k + 1] * pull->sides.left_shift[k];
        Lanes flux = factor * (towards_right + towards_left);
        of_softness += flux * where(acts, d);
        pull->moment[k] = (flux - flux_before) * pull->scale;
        flux_before = flux;
        mass = decayed(pull->decay[k], slight, mass);
        moment = decayed(pull->decay[k], slight, moment);
    }
}

static void soft_sort_pull(struct frame *frame, const Real *g, const StoredReal *state, Real *dx, double *dsoftness) {
    const int n = frame->task.n, ranks = has(frame, SOFTGRAD_RANK), ungated = has(frame, SOFTGRAD_UNGATED) && !ranks;
    Lanes *decay = array_in(frame), *share = array_in(frame), *cotangent = array_in(frame);
    struct sides sides = sides_in(frame);
    Lanes *mass = array_in(frame), *moment = array_in(frame);
    state = recall(frame->rows, n - 1, state, decay);
    recall(frame->rows, n, state, share);
    if (ranks) {
        gather(frame, g, cotangent);
        for (int k = 0; k < n && has(frame, SOFTGRAD_DESCENDING); k++) {
            cotangent[k] = -cotangent[k];
        }
    } else {
        read_places(frame, g, cotangent);
    }
    sum_both_sides(frame, decay, sides);
    struct soft_sort_pull pull = {decay, share, cotangent, sides, mass, moment, position_scale(frame)};
    sum_right_cotangents(frame, &pull);
    Lanes of_softness = pull_through_gaps(frame, &pull);
    for (int k = 0; k < n && ungated; k++) {
        moment[k] = lanes_of(0);
    }
    close_pull(frame, moment, ranks ? 0 : mass, dx);
    write_softness(frame, ungated ? lanes_of(0) : of_softness, reciprocal_of(frame->task.softness), dsoftness);
}

#endif
