/**
 * Whether the hyper-objective falls in some direction at a vertex of a linear lower level where too many pieces meet to go through. With
 * a_i, b_i the gradients in y and x of what is active, (d, v) is a motion of (x, y(x)) just where
 *
 *   b_iᵀ d + a_iᵀ v <= 0,     with equality for the support of some z in Z = { z >= 0 : Σ z_i a_i = -∇y g }
 *
 * (duality of min g'v along d). Branches on i active or z_i = 0. A branch ends where Z has no such z, or where f does not fall on the
 * relaxed cone: -∇f is then in the cone of its normals (Farkas; both by non-negative least squares). Exact, but for rounding.
 */
import { nonNegativeLeastSquares } from "../num/nonNegative.js";
import { dot, norm } from "../num/vector.js";
import type { Oracle } from "../oracle/oracle.js";

type Vector = Float64Array;

/** Branches at most; share of sizes that counts as none. */
const NODES = 1500;
const NONE = 1e-8;

/** What is active of the lower level: gradients in x and y. */
export interface ActiveMember {
  readonly x: Vector;
  readonly y: Vector;
  readonly equality: boolean;
}

export type LinearKink =
  | { readonly kind: "none"; readonly nodes: number }
  | { readonly kind: "descent"; readonly direction: Vector; readonly size: number }
  | { readonly kind: "open" };

/** No second derivatives of the lower level at (x, y) but in x alone, by random products. */
export function isLinearLower({ n, m, lower }: Oracle, x: Vector, y: Vector): boolean {
  const probe = (k: number): Vector => Float64Array.from({ length: k }, (_, i) => Math.cos(1 + 2.3 * i));
  const z = probe(lower.constraints.rows);
  const v = probe(m);
  const [outX, outY] = [new Float64Array(n), new Float64Array(m)];
  const vanish = (): boolean => outX.every((d) => d === 0) && outY.every((d) => d === 0);
  lower.hvpYY(x, y, v, outY);
  lower.jvpXY(x, y, v, outX);
  if (!vanish()) return false;
  if (z.length === 0) return true;
  lower.constraints.hvpYY(x, y, z, v, outY);
  lower.constraints.jvpXY(x, y, z, v, outX);
  return vanish();
}

/**
 * `target` is -∇f in (d, v), `normals` those of active upper constraints and bounds of x there, free where not `signed`; `down` is -∇y g.
 * f falls by less than `limit` per unit of (d, v) counts as not falling.
 */
export function linearKink(
  target: Vector,
  normals: readonly Vector[],
  signed: readonly boolean[],
  members: readonly ActiveMember[],
  down: Vector,
  limit: number,
  exhausted: () => boolean,
): LinearKink {
  const n = target.length - down.length;
  const joined = members.map(({ x, y }) => {
    const row = new Float64Array(target.length);
    row.set(x);
    row.set(y, n);
    return row;
  });
  const sizes = joined.map((a) => norm(a) || 1);
  /** Multipliers with support in `allowed`; undefined where there are none. */
  const multipliers = (allowed: (i: number) => boolean): Vector | undefined => {
    const index = members.flatMap((_, i) => (allowed(i) ? [i] : []));
    const z = nonNegativeLeastSquares(
      index.map((i) => members[i].y),
      down,
      index.map((i) => !members[i].equality),
    );
    const left = down.slice();
    const out = new Float64Array(members.length);
    index.forEach((i, k) => {
      out[i] = z[k];
      for (let j = 0; j < left.length; j++) left[j] -= z[k] * members[i].y[j];
    });
    return norm(left) <= NONE * norm(down) ? out : undefined;
  };
  // What all multipliers need stays active.
  const first = multipliers(() => true);
  if (first === undefined) return { kind: "open" };
  const always = new Set<number>();
  for (const i of members.keys()) {
    if (exhausted()) return { kind: "open" };
    if (members[i].equality || (first[i] > 0 && multipliers((l) => l !== i) === undefined)) always.add(i);
  }
  const stack = [{ held: always as ReadonlySet<number>, without: new Set() as ReadonlySet<number> }];
  let nodes = 0;
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (exhausted() || ++nodes > NODES) return { kind: "open" };
    const { held, without } = node;
    const z = multipliers((i) => !without.has(i));
    if (z === undefined) continue;
    const columns = [...normals, ...joined];
    const weights = nonNegativeLeastSquares(columns, target, [...signed, ...members.map((_, i) => !held.has(i))]);
    const move = target.slice();
    columns.forEach((a, k) => {
      if (weights[k] !== 0) for (let i = 0; i < move.length; i++) move[i] -= weights[k] * a[i];
    });
    const size = norm(move);
    if (size <= limit) continue;
    const slack = joined.map((a, i) => -dot(a, move) / (sizes[i] * size));
    if (multipliers((i) => !without.has(i) && slack[i] <= NONE) !== undefined)
      return { kind: "descent", direction: move.slice(0, n), size };
    let pick = -1;
    for (const i of members.keys()) {
      if (z[i] > 0 && !held.has(i) && slack[i] > NONE && (pick < 0 || slack[i] > slack[pick])) pick = i;
    }
    if (pick < 0) return { kind: "open" };
    stack.push({ held, without: new Set(without).add(pick) }, { held: new Set(held).add(pick), without });
  }
  return { kind: "none", nodes };
}
