/**
 * The composition rule of disciplined convex programming: an operator convex in arguments u is convex where each u_i is affine,
 * or convex and it is increasing in u_i, or concave and it is decreasing in u_i; concave likewise
 * (Grant, Boyd and Ye, Disciplined Convex Programming, 2006, section 4; Boyd and Vandenberghe, Convex Optimization, 3.2.4).
 */
import type { Bend, Bending, Trend } from "../ops/curvature.js";

/** Of a node in some variables: all entries alike. */
export type Kind = "constant" | "affine" | "convex" | "concave" | "unknown";

function fits(kind: Kind, trend: Trend, wanted: "convex" | "concave"): boolean {
  if (trend === "constant" || kind === "constant" || kind === "affine") return true;
  if (kind === "unknown" || trend === "none") return false;
  return (kind === wanted) === (trend === "increasing");
}

export function composed({ bend, trends }: Bending, kinds: readonly Kind[]): Kind {
  const still = (kind: Kind, i: number): boolean => kind === "constant" || trends[i] === "constant";
  if (kinds.every(still)) return "constant";
  const bends = (b: Bend, wanted: "convex" | "concave"): boolean =>
    (b === "affine" || b === wanted) && kinds.every((kind, i) => fits(kind, trends[i], wanted));
  return both(bends(bend, "convex"), bends(bend, "concave"));
}

export function both(convex: boolean, concave: boolean): Kind {
  return convex ? (concave ? "affine" : "convex") : concave ? "concave" : "unknown";
}

/** Of the sum of two. */
export function plus(a: Kind, b: Kind): Kind {
  if (a === "constant") return b;
  if (b === "constant") return a;
  const [p, q] = [sides(a), sides(b)];
  return both(p.convex && q.convex, p.concave && q.concave);
}

export function sides(kind: Kind): { readonly convex: boolean; readonly concave: boolean } {
  const straight = kind === "constant" || kind === "affine";
  return { convex: straight || kind === "convex", concave: straight || kind === "concave" };
}

export function negated(kind: Kind): Kind {
  return kind === "convex" ? "concave" : kind === "concave" ? "convex" : kind;
}
