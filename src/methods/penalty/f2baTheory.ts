/**
 * Parameters of F2BA by its analysis (Chen, Ma and Zhang 2023, Theorem 4.1), l = max(C_f, L_f, L_g, rho_g), kappa = l / mu there
 * bounded below by the condition number:
 *
 *   λ = max(κ/R, l κ³/ε, 2 L_f/μ),   R = |y0 - y*(x0)|²     (the term with the unknown gap of φ is left out)
 *   α = 1/L_g,   τ = 1/(L_f + λ L_g),   K = ⌈4 κ log(λ κ)⌉,   η = 1/(l κ³)
 */
import { lowerStep, parameter, steps, type TheoryFacts, type TheoryParameter } from "../theory.js";

/** Theory's λ grows like 1/ε; with inner errors of rounding size, λ e-16 is what gradients lose. */
const practical = 100;

export function f2baTheory(facts: TheoryFacts): readonly TheoryParameter[] {
  const { kappa, l, L_f, L_g, mu, R, tolerance } = facts;
  const least = (2 * L_f) / mu;
  const lambda = Math.max(R > 0 ? kappa / R : 0, (l * kappa ** 3) / tolerance, least);
  const used = Math.min(lambda, practical * Math.max(1, L_f / mu));
  const eta = 1 / (l * kappa ** 3);
  return [
    {
      name: "lambda",
      formula: "max(κ/R, l κ³/ε, 2 L_f/μ)",
      theory: lambda,
      value: used,
      ...(used < lambda
        ? { why: `at most ${practical} max(1, L_f/μ): the bias is O(1/λ), the loss of digits O(λ)` }
        : {}),
    },
    lowerStep(facts),
    parameter("tau", "1/(L_f + λ L_g)", 1 / (L_f + used * L_g)),
    steps("K", "⌈4 κ log(λ κ)⌉", 4 * kappa * Math.log(used * kappa)),
    parameter("eta", "1/(l κ³)", eta),
  ];
}
