/**
 * The projected gradient: zero exactly at stationary points of a function on a simple set.
 * Boxes: the gradient without the entries that push outwards at a bound (those coordinates are HELD).
 * Balls, simplices: (p - P(p - t G)) / t with t = 1 / max(1, |G|).
 */
import { norm } from "../../num/vector.js";

type Vector = Float64Array;

/** Sets free[i] = 0 where p_i is at a bound and G_i does not pull it inwards; returns the number of free coordinates. */
export function freeSetInto(p: Vector, G: Vector, lower: Vector, upper: Vector, free: Uint8Array): number {
  let count = 0;
  for (let i = 0; i < p.length; i++) {
    const held = (p[i] <= lower[i] && G[i] >= 0) || (p[i] >= upper[i] && G[i] <= 0);
    free[i] = held ? 0 : 1;
    count += free[i];
  }
  return count;
}

/** Norm of G over the free set. */
export function freeNorm(G: Vector, free: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < G.length; i++) if (free[i] !== 0) sum += G[i] * G[i];
  return Math.sqrt(sum);
}

/** out = (p - P(p - t G)) / t; returns its norm. */
export function gradientMappingInto(p: Vector, G: Vector, project: (v: Vector) => void, out: Vector): number {
  const t = 1 / Math.max(1, norm(G));
  for (let i = 0; i < p.length; i++) out[i] = p[i] - t * G[i];
  project(out);
  for (let i = 0; i < p.length; i++) out[i] = (p[i] - out[i]) / t;
  return norm(out);
}
