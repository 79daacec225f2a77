/**
 * Small expressions in normal form: every entry of a node as a polynomial (see polynomial.ts), by rules on the graph. Undefined
 * where the expression is too large or has an operator without rule (conditions, extrema over axes, linear systems).
 */
import type { Node, Shape } from "./node.js";
import { sizeOf } from "./node.js";
import {
  call,
  constantOf,
  constantPolynomial,
  entry,
  grouped,
  MOST_TERMS,
  nothing,
  type Polynomial,
  plus,
  product,
  raised,
  scaled,
  sumOf,
} from "./polynomial.js";
import { isZero, negated, one, rationalOf } from "./polynomialNumber.js";
import { topological } from "./walk.js";

export interface PolynomialOptions {
  /** Products and powers of sums multiplied out (default), or kept as factors. */
  readonly expand?: boolean;
  /** Most entries of a tensor on the way; default 400. */
  readonly entries?: number;
}

type Entries = readonly Polynomial[];

/** Of a scalar node. */
export function polynomialOf(node: Node, options?: PolynomialOptions): Polynomial | undefined {
  return sizeOf(node.shape) === 1 ? polynomialsOf(node, options)?.[0] : undefined;
}

/** Of all entries, row by row. */
export function polynomialsOf(node: Node, options: PolynomialOptions = {}): Entries | undefined {
  const { expand = true, entries = 400 } = options;
  const known = new Map<Node, Entries>();
  for (const part of topological([node])) {
    if (sizeOf(part.shape) > entries) return undefined;
    const args = part.args.map((a) => known.get(a)!);
    const found = rule(part, args, expand);
    if (found === undefined || terms(found) > MOST_TERMS) return undefined;
    known.set(part, found);
  }
  return known.get(node);
}

function terms(entries: Entries): number {
  return entries.reduce((sum, p) => sum + p.terms.length, 0);
}

/** Functions of scalars that stay as they are, with polynomials as arguments. */
const functions: ReadonlySet<string> = new Set(
  "exp expm1 log log1p sqrt abs sign min max sin cos tan asin acos atan sinh cosh tanh atan2 sigmoid softplus relu erf".split(
    " ",
  ),
);

function rule(node: Node, args: readonly Entries[], expand: boolean): Entries | undefined {
  const { attributes, shape } = node;
  switch (node.op) {
    case "constant":
      return numbers([attributes.value!]);
    case "tensor":
      return numbers(attributes.tensor!.values);
    case "input":
      return Array.from({ length: shape[0] }, (_, i) => entry(attributes.input!, i));
    case "reshape":
      return args[0];
    case "broadcast": {
      const axes = attributes.axes!;
      return gathered(shape, args[0], node.args[0].shape, (at) => axes.map((k) => at[k]));
    }
    case "transpose": {
      const axes = attributes.axes!;
      return gathered(shape, args[0], node.args[0].shape, (at) => axes.map((_, i) => at[axes.indexOf(i)]));
    }
    case "take": {
      const { axis, index } = attributes;
      return gathered(shape, args[0], node.args[0].shape, (at) =>
        at.map((p, k) => (k === axis ? (index!.values?.[p] ?? index!.start + p * index!.step) : p)),
      );
    }
    case "put": {
      const { axis, index } = attributes;
      return scattered(shape, args[0], node.args[0].shape, (at) =>
        at.map((p, k) => (k === axis ? (index!.values?.[p] ?? index!.start + p * index!.step) : p)),
      );
    }
    case "concat": {
      const out: Polynomial[] = new Array(sizeOf(shape));
      let start = 0;
      node.args.forEach((arg, i) => {
        const from = start;
        eachPosition(arg.shape, (at, flat) => {
          out[
            flatOf(
              at.map((p, k) => (k === attributes.axis ? p + from : p)),
              shape,
            )
          ] = args[i][flat];
        });
        start += arg.shape[attributes.axis!];
      });
      return out;
    }
    case "sum": {
      const { axes } = attributes;
      return scattered(shape, args[0], node.args[0].shape, (at) => at.filter((_, k) => !axes!.includes(k)));
    }
    case "contract":
      return contracted(node, args, expand);
    default:
      return elementwise(node, args, expand);
  }
}

function elementwise(node: Node, args: readonly Entries[], expand: boolean): Entries | undefined {
  const out: Polynomial[] = [];
  for (let i = 0; i < sizeOf(node.shape); i++) {
    const found = scalar(
      node.op,
      args.map((a) => (a.length === 1 ? a[0] : a[i])),
      expand,
    );
    if (found === undefined) return undefined;
    out.push(found);
  }
  return out;
}

function scalar(op: string, args: readonly Polynomial[], expand: boolean): Polynomial | undefined {
  const [a, b] = args;
  switch (op) {
    case "neg":
      return scaled(a, negated(one));
    case "add":
      return plus(a, b);
    case "sub":
      return plus(a, scaled(b, negated(one)));
    case "mul":
      return multiply(a, b, expand);
    case "square":
      return raised(a, 2, expand);
    case "div": {
      const inverse = raised(b, -1, expand);
      return inverse && multiply(a, inverse, expand);
    }
    case "pow": {
      const exponent = constantOf(b);
      if (exponent?.d === 1n && exponent.n < 100n && exponent.n > -100n) return raised(a, Number(exponent.n), expand);
      return call("pow", args);
    }
    default:
      return functions.has(op) ? call(op, args) : undefined;
  }
}

function multiply(a: Polynomial, b: Polynomial, expand: boolean): Polynomial | undefined {
  if (a === b) return raised(a, 2, expand);
  if (expand) return product(a, b);
  const [ca, cb] = [constantOf(a), constantOf(b)];
  if (ca !== undefined) return scaled(b, ca);
  if (cb !== undefined) return scaled(a, cb);
  return product(grouped(a), grouped(b));
}

function contracted(node: Node, [left, right]: readonly Entries[], expand: boolean): Entries | undefined {
  const labels = node.attributes.labels!;
  const [a, b] = node.args;
  const extent = new Map<number, number>();
  labels.left.forEach((label, k) => {
    extent.set(label, a.shape[k]);
  });
  labels.right.forEach((label, k) => {
    extent.set(label, b.shape[k]);
  });
  const all = [...extent.keys()];
  if ([...extent.values()].reduce((p, q) => p * q, 1) > 10 * MOST_TERMS) return undefined;
  const parts: Polynomial[][] = Array.from({ length: sizeOf(node.shape) }, () => []);
  let complete = true;
  eachPosition([...extent.values()], (at) => {
    const flat = (own: readonly number[], shape: Shape): number =>
      flatOf(
        own.map((label) => at[all.indexOf(label)]),
        shape,
      );
    const [p, q] = [left[flat(labels.left, a.shape)], right[flat(labels.right, b.shape)]];
    if (p.terms.length === 0 || q.terms.length === 0) return;
    const both = multiply(p, q, expand);
    if (both === undefined) complete = false;
    else parts[flat(labels.out, node.shape)].push(both);
  });
  return complete ? parts.map(sumOf) : undefined;
}

function numbers(values: ArrayLike<number>): Entries | undefined {
  const out: Polynomial[] = [];
  for (let i = 0; i < values.length; i++) {
    const value = rationalOf(values[i]);
    if (value === undefined) return undefined;
    out.push(isZero(value) ? nothing : constantPolynomial(value));
  }
  return out;
}

type Positions = readonly number[];

/** Entry `at` of the result is entry source(at) of the operand. */
function gathered(shape: Shape, from: Entries, fromShape: Shape, source: (at: Positions) => Positions): Entries {
  const out: Polynomial[] = new Array(sizeOf(shape));
  eachPosition(shape, (at, flat) => {
    out[flat] = from[flatOf(source(at), fromShape)];
  });
  return out;
}

/** Entry `at` of the operand is added to entry target(at) of the result. */
function scattered(shape: Shape, from: Entries, fromShape: Shape, target: (at: Positions) => Positions): Entries {
  const parts: Polynomial[][] = Array.from({ length: sizeOf(shape) }, () => []);
  eachPosition(fromShape, (at, flat) => {
    parts[flatOf(target(at), shape)].push(from[flat]);
  });
  return parts.map(sumOf);
}

function flatOf(at: Positions, shape: Shape): number {
  return at.reduce((flat, p, k) => flat * shape[k] + p, 0);
}

function eachPosition(shape: Shape, visit: (at: Positions, flat: number) => void): void {
  const at = shape.map(() => 0);
  for (let flat = 0; flat < sizeOf(shape); flat++) {
    visit(at, flat);
    for (let k = shape.length - 1; k >= 0 && ++at[k] === shape[k]; k--) at[k] = 0;
  }
}
