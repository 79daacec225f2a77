/**
 * Small quadratic terms of the lower objective, the same for all x, without which it has many solutions: they choose the solution.
 * The lower objective is taken apart at its sums; a term counts where it is of degree 2 in y, does not depend on x, and the rest
 * has a singular Hessian at a sampled lower solution.
 */
import { type Diagnostic, diagnostic } from "../base/diagnostic.js";
import { interpreted } from "../codegen/backend.js";
import { hessian } from "../diff/index.js";
import { degreeIn } from "../expr/degree.js";
import type { Node } from "../expr/node.js";
import { dependents } from "../expr/walk.js";
import { symmetricEigen } from "../num/eigen.js";
import type { LintContext } from "./context.js";

type Vector = Float64Array;

/** Largest Hessian formed; relative eigenvalue that counts as 0; largest share of the rest's curvature that counts as small. */
const MOST = 30;
const ZERO = 1e-10;
const SMALL = 1e-2;

interface Term {
  readonly node: Node;
  readonly sign: 1 | -1;
}

export function regularisation({ problem, oracle, samples, small }: LintContext): readonly Diagnostic[] {
  const { builder: b, x, y, lowerObjective } = problem;
  if (!small || oracle.m > MOST || samples.length === 0) return [];
  const terms = termsOf(lowerObjective);
  const spectrum = (node: Node): readonly [number, number] => {
    const kernel = interpreted.compile({ name: "curvature", inputs: [x, y], outputs: [hessian(b, node, y)] });
    const H = new Float64Array(oracle.m ** 2);
    kernel(samples[0].x, samples[0].y, H);
    return ends(H, oracle.m);
  };
  const [least] = spectrum(lowerObjective);
  if (!(least > 0)) return [];
  for (const { node } of terms) {
    if (degreeIn(node, y) !== 2 || dependents([node], [x]).size > 0) continue;
    const rest = terms
      .filter((t) => t.node !== node)
      .reduce<Node>((sum, t) => (t.sign > 0 ? b.add(sum, t.node) : b.sub(sum, t.node)), b.constant(0));
    const [bottom, top] = spectrum(rest);
    const [, own] = spectrum(node);
    const flat = top === 0 ? own > 0 && own <= SMALL : Math.abs(bottom) <= ZERO * top && own <= SMALL * top;
    if (!flat) continue;
    const text = node.origin && problem.source.slice(node.origin).replace(/\s+/g, " ");
    const share = top === 0 ? own : own / top;
    const place = node.origin ? { span: node.origin } : {};
    return [diagnostic("BLO1006", { term: text ?? "of degree 2", share }, place)];
  }
  return [];
}

/** The summands of a sum of sums. */
function termsOf(root: Node, sign: 1 | -1 = 1): readonly Term[] {
  const minus = sign === 1 ? -1 : 1;
  if (root.op === "add") return root.args.flatMap((a) => termsOf(a, sign));
  if (root.op === "sub") return [...termsOf(root.args[0], sign), ...termsOf(root.args[1], minus)];
  if (root.op === "neg") return termsOf(root.args[0], minus);
  return [{ node: root, sign }];
}

function ends(H: Vector, m: number): readonly [number, number] {
  const { values } = symmetricEigen(H, m);
  return [values[0], values[m - 1]];
}
