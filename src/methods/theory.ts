/**
 * What the analyses say of a method's parameters, worked out from a problem's constants, and what a run should take instead where
 * theory's number is not practical. Shared rules:
 *
 *   lower gradient steps to accuracy e:  (1 - 1/κ)^(K/2) <= e              =>  K = ⌈2 κ log(1/e)⌉
 *   conjugate gradients:  2 √κ ((√κ - 1)/(√κ + 1))^M <= e                  =>  M = ⌈√κ/2 log(2 √κ/e)⌉
 *   smoothness of the hyper-objective (Ghadimi and Wang, Approximation methods for bilevel programming, 2018, Lemma 2.2):
 *   L_φ = L + (2 L² + ρ C²)/μ + (2 ρ L C + L³)/μ² + ρ L² C/μ³,   L = max(L_f, L_gx), C = C_f, ρ = rho_g;   η = 1/L_φ
 */
import type { Constants, Evidence } from "../constants/constant.js";
import { weaker } from "../constants/constant.js";

export interface TheoryFacts {
  readonly L_g: number;
  readonly mu: number;
  readonly kappa: number;
  readonly L_f: number;
  readonly C_f: number;
  readonly rho_g: number;
  /** Gradient Lipschitz constant of both objectives in (x, y). */
  readonly L: number;
  /** max(C_f, L_f, L_gx, rho_g) */
  readonly l: number;
  /** |y0 - y*(x0)|² */
  readonly R: number;
  readonly tolerance: number;
  /** What the weakest of the constants rests on. */
  readonly evidence: Evidence;
}

export interface TheoryParameter {
  /** A parameter of the method. */
  readonly name: string;
  readonly formula: string;
  /** The number that the formula gives. */
  readonly theory: number;
  /** The number to run with. */
  readonly value: number;
  /** What the safeguard did, where the two differ. */
  readonly why?: string;
}

export type Theory = (facts: TheoryFacts) => readonly TheoryParameter[];

/** The facts, or the sentence that says which assumption fails. */
export function theoryFacts(found: Constants, distance: number, tolerance: number): TheoryFacts | string {
  const value = (symbol: Parameters<Constants["get"]>[0]): number => found.get(symbol)?.value ?? Number.NaN;
  const [L_g, L_gx, mu, L_f, C_f] = [value("L_g"), value("L_gx"), value("mu"), value("L_f"), value("C_f")];
  const kappa = found.get("kappa")?.value;
  if (kappa === undefined) return `The lower level is not strongly convex as far as is known (mu = ${mu}).`;
  const known = [L_g, L_gx, mu, L_f, C_f];
  if (!known.every(Number.isFinite)) return "Not all of the constants are known.";
  const rho = found.get("rho_g")?.value ?? 0;
  return {
    L_g,
    mu,
    kappa,
    L_f,
    C_f,
    rho_g: rho,
    L: Math.max(L_f, L_gx),
    l: Math.max(C_f, L_f, L_gx, rho),
    R: distance * distance,
    tolerance,
    evidence: found.list.reduce<Evidence>((e, c) => weaker(e, c.evidence), "exact"),
  };
}

/** Smallest and largest number of inner steps worth running. */
const fewest = 5;
const most = 500;

/** A number of steps: theory's, rounded up, and within what is practical. */
export function steps(name: string, formula: string, theory: number): TheoryParameter {
  const whole = Math.ceil(theory);
  const value = Math.min(most, Math.max(fewest, whole));
  if (value === whole) return { name, formula, theory: whole, value };
  const why = whole > most ? `at most ${most}: warm starts need fewer` : `at least ${fewest}`;
  return { name, formula, theory: whole, value, why };
}

export function parameter(name: string, formula: string, value: number): TheoryParameter {
  return { name, formula, theory: value, value };
}

export function lowerSteps({ kappa, tolerance }: TheoryFacts): TheoryParameter {
  return steps("K", "⌈2 κ log(1/ε)⌉", 2 * kappa * Math.log(1 / tolerance));
}

/** 1/L_g */
export function lowerStep({ L_g }: TheoryFacts): TheoryParameter {
  return parameter("alpha", "1/L_g", 1 / L_g);
}

export function hyperSmoothness({ L, C_f: C, rho_g: rho, mu }: TheoryFacts): number {
  return L + (2 * L ** 2 + rho * C ** 2) / mu + (2 * rho * L * C + L ** 3) / mu ** 2 + (rho * L ** 2 * C) / mu ** 3;
}

/** 1/L_φ */
export function upperStep(facts: TheoryFacts): TheoryParameter {
  return parameter("eta", "1/L_φ, L_φ = L + (2L² + ρC²)/μ + (2ρLC + L³)/μ² + ρL²C/μ³", 1 / hyperSmoothness(facts));
}

/** The adjoint by conjugate gradients. */
export const conjugateGradients: Theory = (facts) => [
  lowerStep(facts),
  lowerSteps(facts),
  steps(
    "M",
    "⌈√κ/2 log(2 √κ/ε)⌉",
    0.5 * Math.sqrt(facts.kappa) * Math.log((2 * Math.sqrt(facts.kappa)) / facts.tolerance),
  ),
  upperStep(facts),
];

/** The adjoint by steps of 1/L_g: fixed point or Neumann series, each contracting by 1 - 1/κ. */
export const contractingAdjoint: Theory = (facts) => [
  lowerStep(facts),
  lowerSteps(facts),
  parameter("adjointStep", "1/L_g", 1 / facts.L_g),
  steps("M", "⌈κ log(1/ε)⌉", facts.kappa * Math.log(1 / facts.tolerance)),
  upperStep(facts),
];

/** Differentiation through the lower steps: the error falls like (1 - 1/κ)^(K/2), too. */
export const unrolledSteps: Theory = (facts) => [lowerStep(facts), lowerSteps(facts), upperStep(facts)];
