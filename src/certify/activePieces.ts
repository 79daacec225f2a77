/**
 * The smooth pieces of y(x) that meet at a lower solution. With N what is active there, a piece is a subset S of N with independent
 * gradients and multipliers z >= 0 on S, in force for the directions d of the cone
 *
 *   d c_i <= 0 for i in N \ S,     d z_i >= 0 for i in S with z_i = 0
 *
 * The pieces are gone through from cone to cone across their facets: i of N \ S comes in, for a member whose multiplier it takes where
 * its gradient depends on those of S, and i of S without a multiplier goes out. Where all of S have multipliers and N = S there is one piece:
 * y is differentiable (Fiacco, Math. Program. 10, 1976); else x is a kink (Ralph and Dempe, Math. Program. 70, 1995).
 */
import { nonNegativeLeastSquares } from "../num/nonNegative.js";
import { norm } from "../num/vector.js";
import type { Oracle } from "../oracle/oracle.js";
import { ActivePiece, type Held, lagrangianHessian, lowerDerivatives } from "./activePiece.js";
import type { ActiveMember } from "./linearKink.js";

type Vector = Float64Array;

/** Rows and entries of y this close to their limits, and multipliers this small, relative to their sizes, count as zero. */
const NEAR = 1e-6;
/** Share of a gradient outside the span of others that counts as none. */
const DEPENDENT = 1e-9;

export interface Piece {
  readonly piece: ActivePiece;
  /** The directions where it is in force: d with rowᵀ d <= 0 for all rows. */
  readonly cone: readonly Vector[];
}

export interface Pieces {
  readonly found: readonly Piece[];
  /** Why these may not be all; undefined where they are. */
  readonly gap: string | undefined;
  /** Gradients of all that is active. */
  readonly members: readonly ActiveMember[];
}

/** What is active: a row (side 0) or a bound of y (side -1 or 1). */
interface Member {
  readonly at: number;
  readonly side: -1 | 0 | 1;
}

/** At a lower solution y; at most `most` pieces. */
export function activePieces(oracle: Oracle, x: Vector, y: Vector, most: number, exhausted: () => boolean): Pieces {
  const { m, lower, domainY } = oracle;
  const { constraints } = lower;
  const at = lowerDerivatives(oracle, x, y);
  const { A } = at;
  const c = new Float64Array(constraints.rows);
  if (c.length > 0) constraints.value(x, y, c);
  const slope = new Float64Array(m);
  lower.gradY(x, y, slope);
  const reach = y.reduce((top, v) => Math.max(top, Math.abs(v)), 1);
  const gradient = (i: Member): Vector => {
    if (i.side === 0) return A.slice(i.at * m, (i.at + 1) * m);
    const a = new Float64Array(m);
    a[i.at] = i.side;
    return a;
  };
  const near: Member[] = [];
  for (let r = 0; r < c.length; r++) {
    const size = norm(A.subarray(r * m, (r + 1) * m)) || 1;
    if (constraints.equality[r] === 1 || c[r] >= -NEAR * reach * size) near.push({ at: r, side: 0 });
  }
  for (let j = 0; j < m; j++) {
    if (y[j] <= domainY.lower[j] + NEAR * reach) near.push({ at: j, side: -1 });
    else if (y[j] >= domainY.upper[j] - NEAR * reach) near.push({ at: j, side: 1 });
  }
  const gradients = near.map(gradient);
  const sizes = gradients.map((a) => norm(a) || 1);
  const equality = near.map(({ at: k, side }) =>
    side === 0 ? constraints.equality[k] === 1 : domainY.lower[k] === domainY.upper[k],
  );
  const members = near.map(({ at: k, side }, i) => ({
    x: side === 0 ? at.B.slice(k * x.length, (k + 1) * x.length) : new Float64Array(x.length),
    y: gradients[i],
    equality: equality[i],
  }));
  // A vertex of the multipliers: these have independent gradients, whatever depends on what among all that is active.
  const down = slope.map((v) => -v);
  const multipliers = nonNegativeLeastSquares(
    gradients,
    down,
    equality.map((e) => !e),
  );
  const left = down.slice();
  let balance = norm(slope) + 1e-8 * norm(lagrangianHessian(at, new Float64Array(c.length))) * reach;
  gradients.forEach((a, i) => {
    balance = Math.max(balance, Math.abs(multipliers[i]) * sizes[i]);
    for (let j = 0; j < m; j++) left[j] -= multipliers[i] * a[j];
  });
  if (!(norm(left) <= NEAR * balance))
    return { found: [], members, gap: "the lower multipliers are not known well enough" };
  const least = NEAR * balance;
  const first = [...multipliers];

  const found: Piece[] = [];
  let gap: string | undefined;
  const curved = (weights: readonly number[]): Vector => {
    const rows = new Float64Array(c.length);
    near.forEach(({ at: k, side }, i) => {
      if (side === 0) rows[k] = weights[i];
    });
    return rows;
  };
  const make = (members: ReadonlySet<number>, weights: readonly number[]): ActivePiece => {
    const held: Held = { rows: new Uint8Array(c.length), bounds: new Int8Array(m) };
    for (const i of members) {
      const { at: k, side } = near[i];
      if (side === 0) held.rows[k] = 1;
      else held.bounds[k] = side;
    }
    const rows = curved(weights);
    return new ActivePiece(at, lagrangianHessian(at, rows), held, rows);
  };
  const strict = new Set<number>();
  first.forEach((w, i) => {
    if (equality[i] || w * sizes[i] > least) strict.add(i);
  });
  const keyOf = (members: ReadonlySet<number>): string => [...members].sort((a, b) => a - b).join(" ");
  const weightsOf = (members: ReadonlySet<number>, weights: readonly number[]): number[] =>
    weights.map((w, i) => (!members.has(i) ? 0 : equality[i] || w * sizes[i] > least ? w : 0));
  const seen = new Set<string>([keyOf(strict)]);
  const queue = [{ held: strict as ReadonlySet<number>, weights: weightsOf(strict, first) }];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    if (exhausted()) return { found, members, gap: "the time was used up" };
    const { held: chosen, weights } = next;
    const piece = make(chosen, weights);
    if (!piece.strict) {
      gap ??=
        found.length === 0
          ? "the lower solution is not strict, or its multipliers are degenerate"
          : "the lower level is degenerate on one of its pieces";
      continue;
    }
    if (found.length >= most) return { found, members, gap: `more than ${most} of its pieces meet there` };
    const cone: Vector[] = [];
    const enqueue = (changed: Set<number>, moved: readonly number[]): void => {
      const key = keyOf(changed);
      if (seen.has(key)) return;
      seen.add(key);
      queue.push({ held: changed, weights: weightsOf(changed, moved) });
    };
    for (let i = 0; i < near.length; i++) {
      const { at: k, side } = near[i];
      if (chosen.has(i)) {
        if (equality[i] || weights[i] !== 0) continue;
        const row = (side === 0 ? piece.rowMultiplier(k) : piece.boundMultiplier(k)).map((v) => -v);
        if (!(norm(row) > 0)) {
          gap ??= "a multiplier of the lower level stays zero, so that its solutions may not be unique";
          continue;
        }
        cone.push(row);
        const out = new Set(chosen);
        out.delete(i);
        enqueue(out, weights);
        continue;
      }
      const { u, cross } = piece.adjoint(gradients[i]);
      const direct = side === 0 ? at.B.subarray(k * x.length, (k + 1) * x.length) : new Float64Array(x.length);
      const row = cross.map((v, l) => direct[l] - v);
      // Rounding of what cancels says nothing: where x does not move the slack, the row is met by all directions.
      if (!(norm(row) > 1e-10 * (norm(cross) + norm(direct)))) continue;
      cone.push(row);
      const rest = gradients[i].slice();
      for (let r = 0; r < u.length; r++) {
        if (u[r] !== 0) for (let j = 0; j < m; j++) rest[j] -= u[r] * A[r * m + j];
      }
      const { bounds } = piece.held;
      const outside = Math.sqrt(rest.reduce((sum, v, j) => (bounds[j] === 0 ? sum + v * v : sum), 0));
      const grown = new Set(chosen).add(i);
      if (outside > DEPENDENT * sizes[i]) {
        enqueue(grown, weights);
        continue;
      }
      // The gradient is sum share_k a_k over S: the multiplier of i rises until one of S is used up.
      const share = near.map((other, l) => {
        if (!chosen.has(l)) return 0;
        return other.side === 0 ? u[other.at] : other.side * rest[other.at];
      });
      let step = Number.POSITIVE_INFINITY;
      const drops = share.map((s, l) =>
        !equality[l] && s * sizes[l] > DEPENDENT * sizes[i] ? weights[l] / s : Number.POSITIVE_INFINITY,
      );
      for (const d of drops) step = Math.min(step, d);
      if (step === Number.POSITIVE_INFINITY) continue;
      const moved = weights.map((w, l) => (l === i ? step : w - step * share[l]));
      drops.forEach((d, l) => {
        if (!(d * sizes[i] <= step * sizes[i] + least)) return;
        const changed = new Set(grown);
        changed.delete(l);
        enqueue(
          changed,
          moved.map((w, q) => (q === l ? 0 : w)),
        );
      });
    }
    found.push({ piece, cone });
  }
  return { found, members, gap };
}
