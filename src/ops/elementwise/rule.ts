/**
 * Elementwise operators: a function of scalars applied entry by entry. Every argument has the result's shape or is a
 * scalar, which is repeated. One `slope` per argument gives both modes of differentiation: it maps g to g * df/da_i, so
 *   vjp:  adjoint of a_i = slope_i(adjoint), summed where a_i is a repeated scalar;
 *   jvp:  tangent = sum over i of slope_i(tangent of a_i).
 */
import { type Node, type Shape, sameShape } from "../../expr/node.js";
import type { Builder } from "../build.js";
import type { CurvatureRule } from "../curvature.js";
import type { Operator, Tf, TfTensor } from "../operator.js";
import { elementwiseHull, elementwiseIntervals, type RangeRule } from "./ranges.js";

export type Slope = (b: Builder, g: Node, node: Node) => Node;

export interface ElementwiseSpec {
  readonly name: string;
  readonly arity: number;
  readonly doc: string;
  readonly apply: (...args: number[]) => number;
  readonly js: (...args: string[]) => string;
  readonly helpers?: Readonly<Record<string, (...args: number[]) => number>>;
  readonly cost: number;
  /** Interval extension: bounds of each argument in turn after the place to write to. */
  readonly range: RangeRule;
  /** How it bends and changes, given bounds of its arguments. */
  readonly curvature: CurvatureRule;
  /** Leading arguments that may be NaN although the result is a number (comparisons, conditions); default none. */
  readonly forgiving?: number;
  /** g times the partial derivative for each argument; an absent slope stands for a derivative that is zero. */
  readonly slopes: readonly (Slope | undefined)[];
  readonly tex: (...args: string[]) => string;
  readonly tf: (tf: Tf, ...args: TfTensor[]) => TfTensor;
  readonly domain?: NonNullable<Operator["domain"]>;
}

export function elementwise(spec: ElementwiseSpec): Operator {
  const { apply, slopes } = spec;
  return {
    name: spec.name,
    family: "elementwise",
    arity: spec.arity,
    doc: spec.doc,
    shape: (shapes) => elementwiseShape(spec.name, shapes),
    evaluateInto: (out, args) => mapInto(out, apply, args),
    intervalInto: elementwiseIntervals(spec.range, spec.forgiving ?? 0),
    hull: elementwiseHull(spec.range, spec.forgiving ?? 0),
    curvature: spec.curvature,
    scalar: { apply, js: spec.js, cost: spec.cost, ...(spec.helpers ? { helpers: spec.helpers } : {}) },
    vjp: (b, node, adjoint, needed) =>
      node.args.map((arg, i) => {
        const slope = slopes[i];
        if (!slope || !needed[i]) return undefined;
        const pulled = slope(b, adjoint, node);
        return arg.shape.length === 0 && node.shape.length > 0 ? b.sum(pulled) : pulled;
      }),
    jvp: (b, node, tangents) => {
      let total: Node | undefined;
      tangents.forEach((t, i) => {
        const slope = slopes[i];
        if (!t || !slope) return;
        const pushed = slope(b, t, node);
        total = total ? b.add(total, pushed) : pushed;
      });
      return total && repeated(b, total, node.shape);
    },
    tex: (args) => spec.tex(...args),
    tf: (tf, args) => spec.tf(tf, ...args),
    ...(spec.domain ? { domain: spec.domain } : {}),
  };
}

/** The tangent of a repeated scalar, brought to the result's shape. */
function repeated(b: Builder, node: Node, shape: Shape): Node {
  return node.shape.length === 0 && shape.length > 0 ? b.broadcast(node, shape, []) : node;
}

export function elementwiseShape(name: string, shapes: readonly Shape[]): Shape {
  let result: Shape = [];
  for (const s of shapes) {
    if (s.length === 0) continue;
    if (result.length === 0) result = s;
    else if (!sameShape(s, result)) throw new Error(`${name}: shapes [${result}] and [${s}] differ`);
  }
  return result;
}

function mapInto(out: Float64Array, apply: (...args: number[]) => number, args: readonly Float64Array[]): void {
  const n = out.length;
  const [a, b, c] = args;
  const sa = a.length === 1 ? 0 : 1;
  if (args.length === 1) {
    for (let i = 0; i < n; i++) out[i] = apply(a[i * sa]);
    return;
  }
  const sb = b.length === 1 ? 0 : 1;
  if (args.length === 2) {
    for (let i = 0; i < n; i++) out[i] = apply(a[i * sa], b[i * sb]);
    return;
  }
  const sc = c.length === 1 ? 0 : 1;
  for (let i = 0; i < n; i++) out[i] = apply(a[i * sa], b[i * sb], c[i * sc]);
}
