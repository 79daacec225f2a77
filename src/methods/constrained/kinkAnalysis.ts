/**
 * The models (kinkModel.ts) of the hyper-objective around a lower solution whose multipliers are degenerate: one for each vertex of
 * the multipliers' polyhedron, which is a single point where the gradients of the active constraints are independent. Together they
 * give the directional derivative exactly under the Mangasarian-Fromovitz and constant rank conditions and strong second-order
 * sufficiency at each vertex (Ralph and Dempe, Math. Program. 70, 1995, theorem 2).
 */
import type { LowerSensitivity } from "../../reform/lowerSensitivity.js";
import { ActiveKkt, type ActiveSet } from "./activeKkt.js";
import { type Held, KinkModel, type KinkPoint } from "./kinkModel.js";
import type { KktLower } from "./kktLower.js";
import { multiplierVertices } from "./multiplierVertices.js";

type Vector = Float64Array;

/** Constraints without slack at most. */
const MOST = 400;

export interface Kink {
  readonly models: readonly KinkModel[];
  /** Why the models do not make up the whole derivative; undefined where they do. */
  readonly gap: string | undefined;
}

/**
 * The analysis at the last solution of `lower`; fx, fy the upper gradients there. `chosen`: these are taken
 * for the weak ones whatever their slacks and multipliers, and the known multiplier is the only one looked at; its factors stay in
 * `room` until the next call. Undefined where nothing could be set up.
 */
export function analyseKink(
  model: LowerSensitivity,
  lower: KktLower,
  fx: Vector,
  fy: Vector,
  tolerance: number,
  chosen?: { readonly weak: readonly Held[]; readonly room: ActiveKkt },
): Kink | undefined {
  const { program } = model;
  const { x, y, z, w } = lower;
  const found = lower.held(tolerance);
  const isChosen = (h: Held): boolean =>
    chosen?.weak.some((other) => other.at === h.at && other.side === h.side) === true;
  const strict = chosen === undefined ? found.strict : found.strict.filter((h) => !isChosen(h));
  const weak = chosen?.weak ?? found.weak;
  const near = [...strict, ...weak];
  if (near.length > MOST) return undefined;
  program.parameters.set(x);
  program.parameters[x.length] = lower.weight;
  const c = new Float64Array(program.rows);
  program.constraintsInto(y, c);
  for (let i = 0; i < c.length; i++) c[i] -= program.rowUpper[i];
  const jacobian = new Float64Array(program.jacobian.rows.length);
  program.jacobianInto(y, jacobian);
  const base = { x: x.slice(), y: y.slice(), weight: lower.weight, c, fx, fy };

  const made = (point: KinkPoint, held: readonly Held[], rest: readonly Held[]): KinkModel | undefined => {
    const kkt = chosen?.room ?? new ActiveKkt(program);
    kkt.jacobian.set(jacobian);
    program.hessianInto(point.y, 1, point.z, kkt.hessian);
    return KinkModel.at(model, kkt, point, activeSet(program.rows, y.length, held), rest);
  };

  const own = (gap: string | undefined): Kink | undefined => {
    const only = made({ ...base, z: z.slice(), w: w.slice() }, strict, weak);
    return only && { models: [only], gap };
  };
  if (chosen !== undefined) return own(undefined);
  const size = (h: Held): number => (h.side === 0 ? z[h.at] : h.side * w[h.at]);
  const equality = (h: Held): boolean =>
    h.side === 0 ? program.rowLower[h.at] === program.rowUpper[h.at] : program.lower[h.at] === program.upper[h.at];
  const gradients = gradientsOf(near, program.jacobian, jacobian, y.length);
  const set = multiplierVertices(gradients, near.map(equality), Float64Array.from(near, size));
  if (set === undefined || set.vertices.length <= 1) return own(set === undefined ? TOO_MANY : undefined);
  let gap = set.bounded ? undefined : UNBOUNDED;
  const models: KinkModel[] = [];
  for (const vertex of set.vertices) {
    const rows = new Float64Array(z.length);
    const bounds = new Float64Array(y.length);
    const held: Held[] = [];
    const rest: Held[] = [];
    near.forEach((h, i) => {
      if (h.side === 0) rows[h.at] = vertex[i];
      else bounds[h.at] = h.side * vertex[i];
      (vertex[i] !== 0 || equality(h) ? held : rest).push(h);
    });
    const one = made({ ...base, z: rows, w: bounds }, held, rest);
    if (one) models.push(one);
    else gap ??= CURVATURE;
  }
  return models.length > 0 ? { models, gap } : undefined;
}

const TOO_MANY = "the multipliers have too many vertices to go through";
const UNBOUNDED = "the lower multipliers are unbounded";
const CURVATURE = "the Hessian of the lower Lagrangian is not positive definite at some of the multipliers";

function activeSet(rows: number, m: number, held: readonly Held[]): ActiveSet {
  const active = { rows: new Uint8Array(rows), bounds: new Int8Array(m) };
  for (const { at, side } of held) {
    if (side === 0) active.rows[at] = 1;
    else active.bounds[at] = side;
  }
  return active;
}

function gradientsOf(
  held: readonly Held[],
  pattern: { readonly rows: Int32Array; readonly columns: Int32Array },
  jacobian: Vector,
  m: number,
): readonly Vector[] {
  const byRow = new Map<number, Vector>();
  const out = held.map(({ at, side }) => {
    const a = new Float64Array(m);
    if (side !== 0) a[at] = side;
    else byRow.set(at, a);
    return a;
  });
  pattern.rows.forEach((i, e) => {
    const a = byRow.get(i);
    if (a) a[pattern.columns[e]] += jacobian[e];
  });
  return out;
}

/** The derivative of f(x, y*(x)) along d: of the model whose multiplier maximises dᵀ ∇x L, which alone is feasible. */
export function slopeAlong(kink: Kink, d: Vector): number | undefined {
  for (const model of kink.models) {
    const slope = model.slope(d);
    if (slope !== undefined) return slope;
  }
  return undefined;
}
