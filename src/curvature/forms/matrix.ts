/**
 * u' T u with a matrix of numbers T and u affine: convex where the symmetric part of T is positive semidefinite, read off the matrix itself
 * (definite.ts), so that forms in hundreds of variables are decided without their derivatives.
 */
import type { Node } from "../../expr/node.js";
import { evaluate } from "../../ops/evaluate.js";
import type { Analysis } from "../analysis.js";
import { leastEigenvalue } from "../definite.js";
import type { Form } from "./index.js";

export interface MatrixForm {
  readonly u: Node;
  readonly matrix: Node;
}

/** u and T, where the node is u · (T u). */
export function matrixForm(a: Analysis, node: Node): MatrixForm | undefined {
  if (node.op !== "contract" || node.shape.length > 0) return undefined;
  const k = node.args.findIndex(
    (v, i) => v.op === "contract" && v.shape.length === 1 && v.args[1] === node.args[1 - i],
  );
  if (k < 0) return undefined;
  const [matrix, u] = node.args[k].args;
  const { labels } = node.args[k].attributes;
  const product = labels?.left.length === 2 && labels.left[1] === labels.right[0] && labels.left[0] === labels.out[0];
  return matrix.op === "tensor" && product && a.straight(u) ? { u, matrix } : undefined;
}

const known = new WeakMap<Node, { readonly convex: number; readonly concave: number }>();

/** Lower bounds of the smallest eigenvalues of the symmetric parts of T and of -T. */
export function extremes(matrix: Node): { readonly convex: number; readonly concave: number } {
  let found = known.get(matrix);
  if (found === undefined) {
    const [T] = evaluate([matrix]);
    const k = matrix.shape[0];
    const S = Float64Array.from(T, (t, e) => t / 2 + T[(e % k) * k + Math.floor(e / k)] / 2);
    const exact = S.every((s, e) => s === T[e]);
    // the mean of two different numbers is rounded
    const off = (s: number): number => (exact ? 0 : Number.EPSILON * Math.abs(s) + Number.MIN_VALUE);
    const least = (sign: 1 | -1): number =>
      leastEigenvalue(
        S.map((s) => sign * s - off(s)),
        S.map((s) => sign * s + off(s)),
        k,
      );
    const convex = least(1);
    found = { convex, concave: convex >= 0 ? Number.NEGATIVE_INFINITY : least(-1) };
    known.set(matrix, found);
  }
  return found;
}

export const matrixForms: Form = (a, node) => {
  const form = matrixForm(a, node);
  if (form === undefined) return undefined;
  const { convex, concave } = extremes(form.matrix);
  const reason = (sign: string) => ({ rule: `quadratic form with ${sign} semidefinite matrix`, premises: [form.u] });
  if (convex >= 0) return { kind: "convex", reason: reason("positive") };
  return concave >= 0 ? { kind: "concave", reason: reason("negative") } : undefined;
};
