/**
 * Whether the hyper-objective has a direction of descent at a kink: the least value of its directional derivative over the cone of
 * directions of the upper domain, a linear program with complementarity constraints for each model (kinkModel.ts),
 *
 *   min pᵀ d + tᵀ z   subject to   0 <= Q d + M z ⟂ z >= 0,   d in T_X(x)
 *
 * All is homogeneous: the relaxation without ⟂ has the minimum 0 exactly where the cone that it spans keeps the projection of (-p, -t)
 * at 0 (Farkas), and else that projection falls steepest. Branching on complementarities that it breaks decides the rest
 * (Audet, Hansen, Jaumard and Savard, J. Optim. Theory Appl. 93, 1997). No descent: x is B-stationary.
 */
import { nonNegativeLeastSquares } from "../../num/nonNegative.js";
import { norm } from "../../num/vector.js";
import { inner, type KinkModel } from "./kinkModel.js";

type Vector = Float64Array;

export interface Cone {
  /** By coordinate of x: -1 may only grow (at its lower bound), 1 only fall, 0 free, 2 neither. */
  readonly held: Int8Array;
}

export type Descent =
  | { readonly kind: "stationary"; readonly cones: number }
  | { readonly kind: "descent"; readonly d: Vector; readonly slope: number }
  | { readonly kind: "undecided"; readonly cones: number };

/** Projections of this share of (p, t) are zero. */
const ZERO = 1e-7;
/** Nodes times (n + 2k)³ at most, which bounds the work. */
const WORK = 2e8;

export function findDescent(models: readonly KinkModel[], cone: Cone): Descent {
  let cones = 0;
  let whole = true;
  for (const model of models) {
    const found = search(model, cone);
    if (found.kind === "descent") return found;
    cones += found.cones;
    if (found.kind === "undecided") whole = false;
  }
  return { kind: whole ? "stationary" : "undecided", cones };
}

/** Entry i of a node: 0 open, 1 w_i = 0, -1 z_i = 0. */
function search(model: KinkModel, { held }: Cone): Descent {
  const { k, p, t } = model;
  const n = p.length;
  const objective = new Float64Array(n + k);
  for (let i = 0; i < n; i++) objective[i] = held[i] === 2 ? 0 : -p[i];
  for (let i = 0; i < k; i++) objective[n + i] = -t[i];
  const size = norm(objective);
  if (size === 0) return { kind: "stationary", cones: 1 };
  const stack = [new Int8Array(k)];
  const most = Math.max(20, Math.ceil(WORK / (n + 2 * k) ** 3));
  let cones = 0;
  for (;;) {
    const node = stack.pop();
    if (node === undefined) return { kind: "stationary", cones };
    if (cones++ >= most) return { kind: "undecided", cones };
    const s = steepest(model, node, held, objective);
    if (!(norm(s) > ZERO * size)) continue;
    const d = s.slice(0, n);
    const exact = model.slope(d);
    if (exact !== undefined && exact < -ZERO * size * norm(d)) return { kind: "descent", d, slope: exact };
    let branch = -1;
    let most2 = 0;
    for (let i = 0; i < k; i++) {
      const broken = node[i] === 0 ? Math.min(s[n + i], slackOf(model, s, i)) : 0;
      if (broken > most2) {
        most2 = broken;
        branch = i;
      }
    }
    if (branch < 0) {
      // Complementary, and yet no descent to first order: rounding decides, or d is outside of this model's directions.
      branch = node.indexOf(0);
      if (branch < 0) continue;
    }
    for (const side of [-1, 1]) {
      const next = node.slice();
      next[branch] = side;
      stack.push(next);
    }
  }
}

function slackOf({ Q, M, k }: KinkModel, s: Vector, i: number): number {
  const n = Q[i].length;
  let w = inner(Q[i], s);
  for (let j = 0; j < k; j++) w += M[i * k + j] * s[n + j];
  return w;
}

/** The projection of the objective onto the node's relaxed cone. */
function steepest(model: KinkModel, node: Int8Array, held: Int8Array, objective: Vector): Vector {
  const { k, Q, M } = model;
  const n = held.length;
  const columns: Vector[] = [];
  const sign: boolean[] = [];
  const unit = (at: number, value: number, inequality: boolean): void => {
    const a = new Float64Array(n + k);
    a[at] = value;
    columns.push(a);
    sign.push(inequality);
  };
  for (let i = 0; i < n; i++) {
    if (held[i] === 2) unit(i, 1, false);
    else if (held[i] !== 0) unit(i, held[i], true);
  }
  for (let i = 0; i < k; i++) {
    unit(n + i, -1, node[i] !== -1);
    const a = new Float64Array(n + k);
    for (let j = 0; j < n; j++) a[j] = -Q[i][j];
    for (let j = 0; j < k; j++) a[n + j] = -M[i * k + j];
    columns.push(a);
    sign.push(node[i] !== 1);
  }
  if (columns.length === 0) return objective;
  const weights = nonNegativeLeastSquares(columns, objective, sign);
  const out = objective.slice();
  columns.forEach((a, j) => {
    if (weights[j] !== 0) for (let i = 0; i < out.length; i++) out[i] -= weights[j] * a[i];
  });
  return out;
}
