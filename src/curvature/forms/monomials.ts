/**
 * Products of powers of functions that are not negative, u_1^a_1 ... u_k^a_k, also written as exp(a_1 log u_1 + ...):
 *   all a_i > 0, sum <= 1, u_i concave:                        concave, a weighted geometric mean;
 *   all a_i < 0, u_i concave:                                  convex;
 *   one a_k > 0, the others < 0, sum >= 1, u_k convex, the others concave:  convex, as u³ / v²
 * (the Hessian of a monomial is itself times a a' - diag(a), each side scaled by 1 / u: definite exactly so; Boyd and Vandenberghe 2004,
 * exercise 3.17 and section 3.2.4 for the composition). And sums of equal powers under the inverse power, (sum of c_i u_i^r)^(1/r) with c_i >= 0:
 *   r >= 1, u_i convex: convex, a norm;   r < 1, u_i concave: concave (harmonic means, CES functions).
 */
import type { Node } from "../../expr/node.js";
import type { Analysis } from "../analysis.js";
import { sides } from "../kinds.js";
import type { Form } from "./index.js";
import { productOfPowers } from "./powers.js";

/** Sums of written exponents such as 0.3 + 0.7 are rounded. */
const ROUNDING = 2 ** -50;

type Factors = Map<Node, number>;

export const monomials: Form = (a, node) => {
  if (!["mul", "div", "pow", "exp", "sqrt"].includes(node.op)) return undefined;
  const factors = new Map<Node, number>();
  if (!factorsInto(a, node, 1, factors) || factors.size < 2) return undefined;
  const entries = [...factors].filter(([, e]) => e !== 0);
  if (entries.some(([u]) => !(a.bounds(u).lo >= 0))) return undefined;
  const sum = entries.reduce((total, [, e]) => total + e, 0);
  const positive = entries.filter(([, e]) => e > 0);
  const premises = entries.map(([u]) => u);
  const concave = (list: readonly (readonly [Node, number])[]): boolean =>
    list.every(([u]) => sides(a.kind(u)).concave);
  if (positive.length === entries.length && sum <= 1 + ROUNDING && concave(entries))
    return { kind: "concave", reason: { rule: "weighted geometric mean", premises } };
  if (positive.length === 0 && concave(entries))
    return { kind: "convex", reason: { rule: "product of negative powers", premises } };
  if (positive.length !== 1 || sum < 1 - ROUNDING) return undefined;
  const [[top]] = positive;
  const others = entries.filter(([u]) => u !== top);
  return sides(a.kind(top)).convex && concave(others)
    ? { kind: "convex", reason: { rule: "power over powers", premises } }
    : undefined;
};

/** Adds the node to the power `weight` as factors; false where it is no product of powers. Constants that are not negative do not count. */
function factorsInto(a: Analysis, node: Node, weight: number, factors: Factors): boolean {
  if (!a.varies(node)) return a.bounds(node).lo >= 0;
  const [p, q] = node.args;
  const into = (n: Node, w: number): boolean => factorsInto(a, n, w, factors);
  if (node.op === "reshape") return into(p, weight);
  if (node.op === "mul") return into(p, weight) && into(q, weight);
  if (node.op === "div") return into(p, weight) && into(q, -weight);
  const base = node.op === "square" || node.op === "sqrt" || node.op === "pow";
  const exponent = node.op === "square" ? 2 : node.op === "sqrt" ? 0.5 : q?.attributes.value;
  if (base && exponent !== undefined && a.bounds(p).lo >= 0) return into(p, weight * exponent);
  if (node.op === "exp") return logarithmsInto(a, p, weight, factors);
  factors.set(node, (factors.get(node) ?? 0) + weight);
  return true;
}

/** Of exp(node): a sum of weighted logarithms. */
function logarithmsInto(a: Analysis, node: Node, weight: number, factors: Factors): boolean {
  if (!a.varies(node)) return true;
  const [p, q] = node.args;
  const into = (n: Node, w: number): boolean => logarithmsInto(a, n, w, factors);
  if (node.op === "log") return factorsInto(a, p, weight, factors);
  if (node.op === "add") return into(p, weight) && into(q, weight);
  if (node.op === "sub") return into(p, weight) && into(q, -weight);
  if (node.op === "neg") return into(p, -weight);
  const number = (n: Node): number | undefined => n.attributes.value;
  if (node.op === "mul" && number(p) !== undefined) return into(q, weight * number(p)!);
  if (node.op === "mul" && number(q) !== undefined) return into(p, weight * number(q)!);
  return node.op === "div" && number(q) !== undefined ? into(p, weight / number(q)!) : false;
}

const through = new Set(["sum", "reshape", "broadcast", "transpose", "take", "put"]);

export const powerMeans: Form = (a, node) => {
  const outer = outerPower(a, node);
  if (outer === undefined) return undefined;
  const parts = new Set<Node>();
  if (!powersInto(a, outer.under, 1 / outer.exponent, parts) || parts.size === 0) return undefined;
  const r = 1 / outer.exponent;
  const premises = [...parts];
  const fits = premises.every((u) => {
    const { convex, concave } = sides(a.kind(u));
    return a.bounds(u).lo >= 0 && (r >= 1 ? convex : concave);
  });
  if (!fits) return undefined;
  return {
    kind: r >= 1 ? "convex" : "concave",
    reason: { rule: `power mean of exponent ${Number(r.toPrecision(6))}`, premises },
  };
};

/** node = c under^exponent with c >= 0. */
function outerPower(a: Analysis, node: Node): { readonly under: Node; readonly exponent: number } | undefined {
  const [p, q] = node.args;
  if (node.op === "sqrt") return { under: p, exponent: 0.5 };
  if (node.op === "square") return { under: p, exponent: 2 };
  if (node.op === "div" && !a.varies(p) && a.bounds(p).lo >= 0) return { under: q, exponent: -1 };
  const value = node.op === "pow" ? q.attributes.value : undefined;
  return value === undefined || value === 0 ? undefined : { under: p, exponent: value };
}

/** The u_i of a sum of c_i u_i^r and of constants >= 0; false where it is none. */
function powersInto(a: Analysis, node: Node, r: number, parts: Set<Node>): boolean {
  if (!a.varies(node)) return a.bounds(node).lo >= 0;
  const [p, q] = node.args;
  const into = (n: Node): boolean => powersInto(a, n, r, parts);
  if (node.op === "add") return into(p) && into(q);
  if (through.has(node.op)) return into(p);
  if (node.op === "mul" && node.args.some((n) => !a.varies(n))) return into(p) && into(q);
  const product = productOfPowers(a, node);
  const inner = product ? { under: product.base, exponent: product.exponent } : outerPower(a, node);
  if (inner === undefined || Math.abs(inner.exponent - r) > ROUNDING * Math.abs(r)) return false;
  parts.add(inner.under);
  return true;
}
