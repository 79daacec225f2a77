/**
 * Multipliers of both levels at answers of large problems. The lower ones come with the lower solution; the upper ones solve a
 * system in x alone, each function of (x, y) taken along lower solutions by an adjoint of the lower conditions on their active set
 * (methods/constrained/kinkModel.ts; Fiacco, Math. Program. 10, 1976):
 *
 *     p_f + Σ λ_r p_r + bounds - Qᵀ ξ = 0,     t_f + Σ λ_r t_r - M ξ - ν = 0
 *
 * the second part for weakly active constraints only, w = Q d + M z and z: one of each pair is decided to stay zero, ξ or ν is then
 * of any sign and the other at least zero. What is reported is what multipliers.ts reports of small problems.
 */

import { analyseKink } from "../methods/constrained/kinkAnalysis.js";
import type { KinkModel } from "../methods/constrained/kinkModel.js";
import { KktEvaluator } from "../methods/constrained/kktEvaluator.js";
import { HyperPoint } from "../methods/kit/hyperPoint.js";
import { ProgramSolver } from "../methods/singleLevel/programSolver.js";
import { withStart } from "../methods/start.js";
import { nonNegativeLeastSquares } from "../num/nonNegative.js";
import { distance, norm } from "../num/vector.js";
import { backendOf } from "../oracle/backendOf.js";
import type { Oracle } from "../oracle/oracle.js";
import { compileProgram } from "../reform/compile.js";
import { upperRows } from "../reform/kkt.js";
import { boundedBlock, type FeasibleSet } from "../reform/levels.js";
import { lowerSensitivity } from "../reform/lowerSensitivity.js";
import { byConstraint } from "../report/values.js";
import type { Multipliers } from "./multipliers.js";
import { ACTIVE, actsOnX, LEFT, type Named, named, near, type Term, UNDECIDED } from "./multiplierTerms.js";

type Vector = Float64Array;

/** Lower variables and rows, and unknown multipliers of the small system, at most. */
const LARGEST = 1500;
const TERMS = 150;
/** Distance of the lower solution from the y given, over 1 + |y|. */
const SAME = 1e-4;

export function multipliersByAdjoint(oracle: Oracle, set: FeasibleSet, x: Vector, y: Vector): Multipliers | undefined {
  const { problem } = oracle;
  const acts = problem.upper.constraints.length > 0 || actsOnX(set, x);
  if (!problem.independentFollowers || !acts || y.length + oracle.lower.constraints.rows > LARGEST) return undefined;
  const started = withStart(oracle, x, y);
  const model = lowerSensitivity(problem, backendOf(oracle));
  const evaluator = new KktEvaluator(started, model, new ProgramSolver(oracle, () => false), undefined);
  const p = new HyperPoint(x.length, y.length);
  p.x.set(x);
  if (!evaluator.evaluate(p) || !p.finite || evaluator.lower.violation > 0) return undefined;
  if (!(distance(p.y, y) <= SAME * (1 + norm(y)))) return undefined;
  const { lower } = evaluator;
  const fx = new Float64Array(x.length);
  const fy = new Float64Array(y.length);
  oracle.upper.valueGrad(x, p.y, fx, fy);
  const kink = analyseKink(model, lower, fx, fy, ACTIVE);
  const ofLower = new Float64Array(oracle.lower.constraints.rows);
  model.multipliersInto(lower.y, lower.z, lower.w, ofLower);
  let upper: Named | undefined;
  for (const piece of kink?.models ?? []) upper ??= solvePiece(oracle, set, piece);
  return { upper, lower: byConstraint(oracle.lower.constraints.names, ofLower) };
}

function solvePiece(oracle: Oracle, set: FeasibleSet, piece: KinkModel): Named | undefined {
  const { p, t, Q, M, k, point } = piece;
  const n = p.length;
  const joined = (first: ArrayLike<number>, second: ArrayLike<number>): Vector => {
    const out = new Float64Array(n + k);
    out.set(first);
    out.set(second, n);
    return out;
  };
  const target = joined(p, t).map((v) => -v);
  const unit = (at: number, value: number): Vector => {
    const out = new Float64Array(n + k);
    out[at] = value;
    return out;
  };
  const always = upperTerms(oracle, set, piece, joined, unit);
  const atBounds = always.every((term) => term.slope.filter((v) => v !== 0).length === 1);
  if (k === 0 && atBounds) return alone(oracle, always, target);
  if (always.length + 2 * k > TERMS) return undefined;
  const atSlack = (i: number): Vector => joined(Q[i], M.subarray(i * k, (i + 1) * k)).map((v) => -v);
  for (let choice = 0; choice < 2 ** Math.min(k, UNDECIDED); choice++) {
    const terms = [...always];
    for (let i = 0; i < k; i++) {
      const active = ((choice >> Math.min(i, UNDECIDED - 1)) & 1) === 0;
      terms.push({ slope: atSlack(i), signed: !active }, { slope: unit(n + i, -1), signed: active });
    }
    const found = nonNegativeLeastSquares(
      terms.map((term) => term.slope),
      target,
      terms.map((term) => term.signed),
    );
    const left = target.slice();
    let scale = Math.max(norm(target), norm(point.fx));
    terms.forEach(({ slope }, j) => {
      scale = Math.max(scale, Math.abs(found[j]) * norm(slope));
      for (let i = 0; i < left.length; i++) left[i] -= found[j] * slope[i];
    });
    if (norm(left) <= LEFT * scale) return named(oracle.problem, terms, found);
  }
  return undefined;
}

/** Bounds of x alone: each takes up what pushes against it. */
function alone(oracle: Oracle, terms: readonly Term[], target: Vector): Named | undefined {
  const left = target.slice();
  const found = Float64Array.from(terms, ({ slope }) => {
    const at = slope.findIndex((v) => v !== 0);
    const value = Math.max(0, left[at] / slope[at]);
    left[at] -= value * slope[at];
    return value;
  });
  return norm(left) <= LEFT * norm(target) ? named(oracle.problem, terms, found) : undefined;
}

/** Rows and bounds of the upper level that act at the point, along lower solutions. */
function upperTerms(
  oracle: Oracle,
  { slacks, residuals }: FeasibleSet,
  piece: KinkModel,
  joined: (first: ArrayLike<number>, second: ArrayLike<number>) => Vector,
  unit: (at: number, value: number) => Vector,
): Term[] {
  const { problem } = oracle;
  const { x, y } = piece.point;
  const n = x.length;
  const rows = upperRows(problem);
  const u = new Float64Array(n + y.length);
  u.set(x);
  u.set(y, n);
  const program =
    rows.length === 0
      ? undefined
      : compileProgram(
          {
            builder: problem.builder,
            blocks: [boundedBlock(problem, "upper"), boundedBlock(problem, "lower")],
            parameters: [],
            objective: problem.upper.objective,
            rows,
          },
          backendOf(oracle),
        );
  const values = new Float64Array(program?.rows ?? 0);
  program?.constraintsInto(u, values);
  const entries = new Float64Array(program?.jacobian.rows.length ?? 0);
  program?.jacobianInto(u, entries);
  const slopeOf = (row: number): Vector => {
    const slope = new Float64Array(u.length);
    program?.jacobian.rows.forEach((r, e) => {
      if (r === row) slope[program.jacobian.columns[e]] += entries[e];
    });
    const reduced = piece.reduce(slope.slice(0, n), slope.slice(n));
    return joined(reduced.p, reduced.t);
  };
  const terms: Term[] = [];
  // the program's rows are these, in this order
  let at = 0;
  for (const part of [...slacks, ...residuals]) {
    const { name, body, row, bound, held } = part;
    const free = residuals.includes(part);
    for (let i = 0; i < body.shape[0]; i++) {
      const constraint = row === undefined ? undefined : row + i;
      if (bound && held !== undefined) {
        const j = held.at[i];
        if (near(x[j] - held.value[i], x[j]))
          terms.push({ slope: unit(j, held.slope[i]), signed: true, part: { name, row: constraint, entry: j } });
      } else if (free || near(values[at + i], norm(u)))
        terms.push({ slope: slopeOf(at + i), signed: !free, part: { name, row: constraint, entry: i } });
    }
    if (!bound) at += body.shape[0];
  }
  return terms;
}
