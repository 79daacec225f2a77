/**
 * The constants of a problem: exact where second derivatives are constant, bounds over the domains where intervals give them,
 * estimates along a path else. Work is bounded by the size of the graphs, so that large data cost a few passes.
 */
import type { Problem } from "../model/problem.js";
import type { Random } from "../num/random.js";
import type { Intervals } from "../ops/operator.js";
import type { Oracle } from "../oracle/oracle.js";
import { type DerivativeBounds, derivativeBounds, domainBox, work } from "./bounds.js";
import { type Constant, type ConstantSymbol, type Constants, constants, type Evidence, weaker } from "./constant.js";
import { Path, type PathEstimates, type PathOptions, standardPath } from "./path.js";
import { normBound, type SpectrumBounds, spectrumBounds } from "./spectrum.js";

/** Entries above which one pass over the lower objective is dear, and the path short. */
const large = 2e5;
const shortPath: PathOptions = { steps: 10, lanczos: 8, neighbours: 0 };
/** Relative radius of a Hessian's entries up to which it counts as one matrix: rounding. */
const oneMatrix = 1e-12;

/** Constants, with the path's estimates that theory's parameters also need. */
export interface FoundConstants extends Constants {
  readonly path: PathEstimates;
}

/** The oracle's own counters stay untouched. Same random stream, same constants. */
export function findConstants(oracle: Oracle, random: Random): FoundConstants {
  const { problem } = oracle;
  const dear = work([problem.lowerObjective]) > large;
  const path = new Path(oracle.fork(), random.split("path"), dear ? shortPath : standardPath).walk();
  const list = [...proved(problem), ...estimated(path)];
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

function proved(problem: Problem): readonly Constant[] {
  const n = problem.x.size;
  const m = problem.y.size;
  const box = domainBox(problem);
  const g = derivativeBounds(problem, problem.lowerObjective, box);
  const f = derivativeBounds(problem, problem.upper.objective, box);
  const found: Constant[] = [];
  const spectrum = (H: Intervals | undefined, first: number, k: number): SpectrumBounds | undefined =>
    H && spectrumBounds(H, n + m, first, k);
  const add = (symbol: ConstantSymbol, value: number, evidence: Evidence, how: string): void => {
    if (Number.isFinite(value)) found.push({ symbol, value, evidence, how });
  };
  const inY = spectrum(g?.hessian, n, m);
  if (inY) {
    add("L_g", norm2(inY), ...words(inY));
    add("mu", inY.smallest, ...words(inY));
  }
  const jointly = spectrum(g?.hessian, 0, n + m);
  if (jointly) add("L_gx", norm2(jointly), ...words(jointly));
  thirdDerivatives(g, jointly, add);
  const upper = spectrum(f?.hessian, 0, n + m);
  if (upper) add("L_f", norm2(upper), ...words(upper));
  if (f) add("C_f", normBound(f.gradient, n, m), "bound", "intervals over the domains");
  return found;
}

function norm2({ smallest, largest }: SpectrumBounds): number {
  return Math.max(Math.abs(smallest), Math.abs(largest));
}

function words({ spread }: SpectrumBounds): [Evidence, string] {
  return spread <= oneMatrix
    ? ["exact", "eigenvalues of the constant Hessian"]
    : ["bound", "intervals over the domains, eigenvalue bounds of Rohn"];
}

function thirdDerivatives(
  g: DerivativeBounds | undefined,
  jointly: SpectrumBounds | undefined,
  add: (symbol: ConstantSymbol, value: number, evidence: Evidence, how: string) => void,
): void {
  if (jointly && jointly.spread <= oneMatrix) add("rho_g", 0, "exact", "the Hessian is constant");
  else if (g?.third) add("rho_g", normBound(g.third), "bound", "Frobenius norm of third derivatives over the domains");
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
