/**
 * A contraction of two strided operands, brought to the form of a product of matrices: loops are sorted into batch, m
 * (left and result), n (right and result) and k (summed), neighbours that lie evenly in storage become one loop, and the
 * best loop of each kind goes to the innermost kernel (see kernels.ts); the others are plain loops around it.
 */
import type { Node } from "../expr/node.js";
import { type Axis, emitKernel } from "./kernels.js";
import type { Line } from "./lines.js";
import type { Place } from "./memory.js";
import type { Surroundings } from "./nest.js";
import { stridesOf } from "./shapes.js";
import type { View, ViewAxis } from "./view.js";

interface Dimension {
  readonly extent: number;
  readonly left: Axis;
  readonly right: Axis;
  readonly out: Axis;
}

const still: Axis = { stride: 0 };

export function emitProduct(node: Node, step: number, around: Surroundings): Line {
  const { plan, memory, fresh } = around;
  const views = node.args.map((arg) => plan.view(arg)!);
  const bases = views.map((view) => {
    const { array, offset } = memory.at(view.base);
    memory.touch(view.base, step);
    return { array, offset: offset + view.offset };
  });
  const classes = dimensions(node, views, (axis) => axisOf(axis, around));
  const scalar = plan.isScalar(node) ? around.scalarName(node) : undefined;
  const target = scalar === undefined ? memory.at(node) : { array: "", offset: 0 };
  if (scalar === undefined) memory.touch(node, step);

  const batch = [...classes.batch];
  let [m, mRest] = innermost(classes.m, (d) => d.left.stride);
  let [n, nRest] = innermost(classes.n, (d) => d.right.stride);
  const [k, kRest] = innermost(classes.k, (d) => d.left.stride + d.right.stride);
  let [a, b] = bases;
  let flip = false;
  if (!m && n) {
    [m, n, mRest, nRest, a, b, flip] = [n, m, nRest, mRest, b, a, true];
  }
  const outer = [...batch, ...mRest, ...nRest, ...kRest];
  const counters = outer.map(() => fresh());
  const place = (base: Place, pick: (d: Dimension) => Axis) => {
    const steps = outer.map((d, i) => stepText(pick(d), counters[i])).filter((text) => text !== "");
    if (base.offset !== 0 || steps.length === 0) steps.unshift(String(base.offset));
    return steps.join(" + ");
  };
  const l = (d: Dimension) => (flip ? d.right : d.left);
  const r = (d: Dimension) => (flip ? d.left : d.right);
  const accumulate = kRest.length > 0;
  const body = emitKernel(
    {
      a: { array: a.array, base: place(a, l), m: m && l(m), n: undefined, k: k && l(k) },
      b: { array: b.array, base: place(b, r), m: undefined, n: n && r(n), k: k && r(k) },
      out: { array: target.array, base: place(target, (d) => d.out), m: m?.out, n: n?.out, k: undefined },
      m: m?.extent ?? 1,
      n: n?.extent ?? 1,
      k: k?.extent ?? 1,
      accumulate,
      scalar,
    },
    fresh,
  );
  const text: string[] = [];
  if (scalar !== undefined) text.push(`let ${scalar} = 0;`);
  else if (accumulate) {
    const size = node.shape.reduce((p, d) => p * d, 1);
    text.push(`${target.array}.fill(0, ${target.offset}, ${target.offset + size});`);
  }
  text.push("{");
  outer.forEach((d, i) => {
    text.push(`for (let ${counters[i]} = 0; ${counters[i]} < ${d.extent}; ${counters[i]}++) {`);
  });
  text.push(...body, ...outer.map(() => "}"), "}");
  return { text: text.join("\n"), defines: scalar === undefined ? [] : [scalar], uses: [], weight: text.length };
}

function axisOf(axis: ViewAxis | undefined, around: Surroundings): Axis {
  if (!axis) return still;
  return axis.table ? { stride: axis.stride, table: around.captures.tableName(axis.table) } : { stride: axis.stride };
}

/** The step along an axis as a summand's text; empty for no step. */
function stepText(axis: Axis, counter: string): string {
  if (axis.stride === 0) return "";
  const at = axis.table ? `${axis.table}[${counter}]` : counter;
  return axis.stride === 1 ? at : `${at} * ${axis.stride}`;
}

interface Classes {
  readonly batch: readonly Dimension[];
  readonly m: readonly Dimension[];
  readonly n: readonly Dimension[];
  readonly k: readonly Dimension[];
}

function dimensions(node: Node, views: readonly View[], axis: (a: ViewAxis | undefined) => Axis): Classes {
  const { left, right, out } = node.attributes.labels!;
  const strides = stridesOf(node.shape);
  const find = (label: number): Dimension => {
    const l = views[0].axes[left.indexOf(label)];
    const r = views[1].axes[right.indexOf(label)];
    const o = out.indexOf(label);
    return { extent: (l ?? r).extent, left: axis(l), right: axis(r), out: o < 0 ? still : { stride: strides[o] } };
  };
  const summed = [...new Set([...left, ...right])].filter((label) => !out.includes(label));
  const pick = (list: readonly number[], test: (label: number) => boolean) =>
    merged(
      list
        .filter(test)
        .map(find)
        .filter((d) => d.extent !== 1),
    );
  // a single position that is looked up is a loop of one step around the kernel
  const single = [...new Set([...left, ...right])]
    .map(find)
    .filter((d) => d.extent === 1 && (d.left.table || d.right.table));
  return {
    batch: [...pick(out, (label) => left.includes(label) && right.includes(label)), ...single],
    m: pick(out, (label) => left.includes(label) && !right.includes(label)),
    n: pick(out, (label) => !left.includes(label) && right.includes(label)),
    k: pick(summed, () => true),
  };
}

/** Joins pairs of loops that all operands see as one. */
function merged(list: readonly Dimension[]): Dimension[] {
  const result = [...list];
  for (let p = 0; p < result.length; p++) {
    for (let q = 0; q < result.length; q++) {
      const outer = result[p];
      const inner = result[q];
      if (p === q || !joins(outer.left, inner, "left") || !joins(outer.right, inner, "right")) continue;
      if (!joins(outer.out, inner, "out")) continue;
      result[q] = { ...inner, extent: inner.extent * outer.extent };
      result.splice(p, 1);
      return merged(result);
    }
  }
  return result;
}

function joins(outer: Axis, inner: Dimension, side: "left" | "right" | "out"): boolean {
  const own = inner[side];
  return !outer.table && !own.table && outer.stride === own.stride * inner.extent;
}

/** The loop with the smallest step, and the others. */
function innermost(list: readonly Dimension[], step: (d: Dimension) => number): [Dimension | undefined, Dimension[]] {
  let best: Dimension | undefined;
  for (const d of list) if (!best || Math.abs(step(d)) <= Math.abs(step(best))) best = d;
  return [best, list.filter((d) => d !== best)];
}
