/**
 * The constants of a problem: exact where second derivatives are constant, bounds over the domains where intervals give them,
 * estimates along a path else. Work is bounded by the size of the graphs, so that large data cost a few passes.
 */
import { degreeIn } from "../expr/degree.js";
import type { Random } from "../num/random.js";
import type { Oracle } from "../oracle/oracle.js";
import { type Box, derivativeBounds, domainBox, type Over, refinedBound, work } from "./bounds.js";
import { type Constant, type ConstantSymbol, type Constants, constants, type Evidence, weaker } from "./constant.js";
import { Path, type PathEstimates, type PathOptions, standardPath } from "./path.js";
import { normBound, type SpectrumBounds, spectrumBounds } from "./spectrum.js";

/** Entries above which one pass over the lower objective is dear, and the path short. */
const large = 2e5;
/** Largest Hessian formed column by column, and the most work that may take (entries of the graph, for each column). */
const mostColumns = 300;
const mostColumnWork = 5e7;
const shortPath: PathOptions = { steps: 10, lanczos: 8, neighbours: 0 };

/** Constants, with the path's estimates that theory's parameters also need. */
export interface FoundConstants extends Constants {
  readonly path: PathEstimates;
}

/** The oracle's own counters stay untouched. Same random stream, same constants. */
export function findConstants(oracle: Oracle, random: Random): FoundConstants {
  const { problem } = oracle;
  const dear = work([problem.lowerObjective]) > large;
  const path = new Path(oracle.fork(), random.split("path"), dear ? shortPath : standardPath).walk();
  const list = [...proved(oracle), ...estimated(path)];
  const first = new Map<ConstantSymbol, Constant>();
  for (const constant of list)
    if (!first.has(constant.symbol) && !vacuous(constant)) first.set(constant.symbol, constant);
  const kappa = conditionNumber(first.get("L_g"), first.get("mu"));
  if (kappa) first.set("kappa", kappa);
  return { ...constants(inOrder(first)), path };
}

const order: readonly ConstantSymbol[] = ["L_g", "mu", "kappa", "mu_PL", "L_gx", "rho_g", "L_f", "C_f"];

function inOrder(found: ReadonlyMap<ConstantSymbol, Constant>): readonly Constant[] {
  return order.flatMap((symbol) => found.get(symbol) ?? []);
}

/** A bound of mu below 0 over a whole domain says nothing: intervals overestimate. */
function vacuous({ symbol, evidence, value }: Constant): boolean {
  return symbol === "mu" && evidence === "bound" && value <= 0;
}

function proved(oracle: Oracle): readonly Constant[] {
  const { problem } = oracle;
  const n = problem.x.size;
  const m = problem.y.size;
  const box = domainBox(problem);
  const g = derivativeBounds(problem, problem.lowerObjective);
  const f = derivativeBounds(problem, problem.upper.objective);
  const found: Constant[] = [];
  const add = (symbol: ConstantSymbol, value: number, evidence: Evidence, how: string): void => {
    if (Number.isFinite(value)) found.push({ symbol, value, evidence, how });
  };
  /** Of the block with rows and columns from `first` on: a quantity of its spectrum, to be bounded from above. */
  const spectral = (
    symbol: ConstantSymbol,
    H: Over | undefined,
    first: number,
    quantity: (s: SpectrumBounds) => number,
    sign = 1,
  ): boolean => {
    const over = (part: Box): SpectrumBounds | undefined => H && spectrumBounds(H(part), n + m, first, n + m - first);
    const whole = over(box);
    if (whole?.constant) {
      add(symbol, sign * quantity(whole), "exact", "eigenvalues of the constant Hessian");
      return true;
    }
    if (H === undefined) return false;
    const bound = refinedBound(box, H, (part) => {
      const spectrum = over(part);
      return spectrum ? quantity(spectrum) : Number.POSITIVE_INFINITY;
    });
    add(symbol, sign * bound, "bound", "intervals over the domains, eigenvalue bounds of Rohn");
    return false;
  };
  if (!g?.hessian) found.push(...denseQuadratic(oracle));
  spectral("L_g", g?.hessian, n, norm2);
  spectral("mu", g?.hessian, n, (s) => -s.smallest, -1);
  const constantHessian = spectral("L_gx", g?.hessian, 0, norm2);
  const third = g?.third;
  if (constantHessian) add("rho_g", 0, "exact", "the Hessian is constant");
  else if (third) {
    const bound = refinedBound(box, third, (part) => normBound(third(part)));
    add("rho_g", bound, "bound", "Frobenius norm of third derivatives over the domains");
  }
  spectral("L_f", f?.hessian, 0, norm2);
  const slope = f?.gradient;
  if (slope) {
    add(
      "C_f",
      refinedBound(box, slope, (part) => normBound(slope(part), n, m)),
      "bound",
      "intervals over the domains",
    );
  }
  return found;
}

/** Lower levels whose Hessian in y is one matrix: by its columns, where it is not too large to form. */
function denseQuadratic(oracle: Oracle): readonly Constant[] {
  const { problem, startX, startY, m } = oracle;
  const { lowerObjective: g, x, y } = problem;
  if (m > mostColumns || m * work([g]) > mostColumnWork || degreeIn(g, x, y) > 2) return [];
  const H = new Float64Array(m * m);
  oracle.fork().lower.hessianYY(startX, startY, H);
  const spectrum = spectrumBounds({ lo: H, hi: H, flags: new Float64Array(m * m) }, m, 0, m);
  if (!spectrum) return [];
  const how = "eigenvalues of the constant Hessian";
  return [
    { symbol: "L_g", value: norm2(spectrum), evidence: "exact", how },
    { symbol: "mu", value: spectrum.smallest, evidence: "exact", how },
  ];
}

function norm2({ smallest, largest }: SpectrumBounds): number {
  return Math.max(Math.abs(smallest), Math.abs(largest));
}

function estimated(path: PathEstimates): readonly Constant[] {
  if (path.points === 0) return [];
  const how = path.points === 1 ? "at the starting point" : `at ${path.points} points along a path from the start`;
  const estimate = (symbol: ConstantSymbol, value: number, words = how): Constant => ({
    symbol,
    value,
    evidence: "estimate",
    how: words,
  });
  return [
    estimate("L_g", path.L_g),
    estimate("mu", path.mu),
    ...(path.mu_PL === undefined ? [] : [estimate("mu_PL", path.mu_PL, "along lower gradient steps from the start")]),
    estimate("L_gx", path.L_gx),
    ...(path.points > 1 ? [estimate("rho_g", path.rho_g)] : []),
    estimate("L_f", path.L_f),
    estimate("C_f", path.C_f),
  ];
}

/** Undefined where g is not strongly convex as far as is known. */
function conditionNumber(L: Constant | undefined, mu: Constant | undefined): Constant | undefined {
  if (!L || !mu || !(mu.value > 1e-12 * L.value)) return undefined;
  return { symbol: "kappa", value: L.value / mu.value, evidence: weaker(L.evidence, mu.evidence), how: "L_g / mu" };
}
