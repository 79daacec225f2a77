/** Whether the Hessian of a quadratic program is positive semidefinite, by the eigenvalues of its rows that are not empty. */
import { symmetricEigen } from "../num/eigen.js";
import type { Triplets } from "./quadratic.js";

/** Eigenvalues below minus this share of the largest count as negative. */
const CONVEX = 1e-10;

/** `matrix`: the lower triangle; repeated positions add up. */
export function positiveSemidefinite({ rows, columns, values }: Triplets): boolean {
  const places = new Map<number, number>();
  const place = (i: number): number => {
    const known = places.get(i) ?? places.size;
    places.set(i, known);
    return known;
  };
  values.forEach((v, e) => {
    if (v === 0) return;
    place(rows[e]);
    place(columns[e]);
  });
  const k = places.size;
  if (k === 0) return true;
  const dense = new Float64Array(k * k);
  values.forEach((v, e) => {
    if (v === 0) return;
    const i = place(rows[e]);
    const j = place(columns[e]);
    dense[i * k + j] += v;
    if (i !== j) dense[j * k + i] += v;
  });
  const { values: eigenvalues } = symmetricEigen(dense, k);
  return eigenvalues[0] >= -CONVEX * Math.max(Math.abs(eigenvalues[0]), Math.abs(eigenvalues[k - 1]));
}
