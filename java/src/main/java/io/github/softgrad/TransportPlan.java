package io.github.softgrad;

/// A transport plan with what its solver says about it; see [Soft#transportPlan(Tensor, Tensor, Tensor)].
///
/// @param plan the plans (..., n, m), times n
/// @param iterations the most steps of Newton's method that a plan took
/// @param residual the largest error of a sum of rows or columns, relative to that sum
public record TransportPlan(Tensor plan, long iterations, double residual) {}
