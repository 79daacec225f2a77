/**
 * Sweeps over boxes of strided data: the loop nest behind the reference evaluation of reductions, layout operators and
 * contractions. A plan lists the extents of the loops, outermost first, with the stride of each operand along each.
 */
import type { Node, Shape } from "../expr/node.js";

export interface Plan {
  readonly extents: readonly number[];
  readonly out: readonly number[];
  readonly left: readonly number[];
  readonly right: readonly number[];
  /** Room for operators that need a second pass (as long as the result). */
  readonly scratch: Float64Array;
}

/** The innermost loop: n steps from the offsets o, l, r with the strides so, sl, sr. */
export type Run = (
  out: Float64Array,
  left: Float64Array,
  right: Float64Array,
  o: number,
  l: number,
  r: number,
  n: number,
  so: number,
  sl: number,
  sr: number,
) => void;

/** Strides of a row-major array: the last axis has stride 1. */
export function rowMajor(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let step = 1;
  for (let k = shape.length - 1; k >= 0; k--) {
    strides[k] = step;
    step *= shape[k];
  }
  return strides;
}

const plans = new WeakMap<Node, Plan>();

/** The plan of a node, made once. */
export function planOf(node: Node, make: (node: Node) => Plan): Plan {
  let plan = plans.get(node);
  if (!plan) {
    plan = make(node);
    plans.set(node, plan);
  }
  return plan;
}

/** Loops in the order of decreasing strides, so that the innermost one runs through memory in small steps. */
export function ordered(
  loops: readonly { readonly extent: number; readonly out: number; readonly left: number; readonly right: number }[],
  scratch = 0,
): Plan {
  const sorted = [...loops].sort((a, b) => b.out + b.left + b.right - (a.out + a.left + a.right));
  if (sorted.length === 0) sorted.push({ extent: 1, out: 0, left: 0, right: 0 });
  return {
    extents: sorted.map((s) => s.extent),
    out: sorted.map((s) => s.out),
    left: sorted.map((s) => s.left),
    right: sorted.map((s) => s.right),
    scratch: new Float64Array(scratch),
  };
}

/** Runs the loop nest. */
export function sweep(plan: Plan, run: Run, out: Float64Array, left: Float64Array, right: Float64Array): void {
  level(plan, run, out, left, right, 0, 0, 0, 0);
}

function level(
  plan: Plan,
  run: Run,
  out: Float64Array,
  left: Float64Array,
  right: Float64Array,
  depth: number,
  o: number,
  l: number,
  r: number,
): void {
  const n = plan.extents[depth];
  const so = plan.out[depth];
  const sl = plan.left[depth];
  const sr = plan.right[depth];
  if (depth === plan.extents.length - 1) {
    run(out, left, right, o, l, r, n, so, sl, sr);
    return;
  }
  for (let k = 0; k < n; k++) level(plan, run, out, left, right, depth + 1, o + k * so, l + k * sl, r + k * sr);
}
