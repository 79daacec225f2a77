/** How each operator of the graph is written: sums and products are gathered over chains, layout becomes indices. */
import { type Node, sizeOf } from "../../expr/node.js";
import type { Expression } from "../../syntax/tree.js";
import {
  array,
  binary,
  call,
  choice,
  factorsOf,
  indexed,
  literal,
  negative,
  scaled,
  sumOf,
  transposed,
} from "../notation/make.js";
import { numberExpression } from "../notation/numbers.js";
import { contraction, entrywise, ones, times } from "./contractions.js";

/** Writes the arguments of a node. */
export interface Arguments {
  write(node: Node): Expression;
  isDefined(node: Node): boolean;
}

type Rule = (w: Arguments, node: Node) => Expression | undefined;

/** Operators that are functions of the language under their own name, entry by entry. */
const functions = new Set(
  "exp expm1 log log1p sqrt abs sign sin cos tan asin acos atan sinh cosh tanh sigmoid softplus relu erf atan2 min max".split(
    " ",
  ),
);

const relation =
  (operator: "<" | "<=" | "==" | "and" | "or"): Rule =>
  (w, { args: [a, b] }) =>
    binary(operator, w.write(a), w.write(b));

const rules: Readonly<Record<string, Rule>> = {
  add: (w, node) => sumOf(terms(w, node)),
  sub: (w, node) => sumOf(terms(w, node)),
  neg: product,
  mul: product,
  div: product,
  safediv: product,
  square: power,
  pow: power,
  lt: relation("<"),
  le: relation("<="),
  eq: relation("=="),
  and: relation("and"),
  or: relation("or"),
  not: (w, { args: [a] }) => call("not", w.write(a)),
  step: (w, { args: [a] }) => binary(">", w.write(a), literal(0)),
  select: (w, { args: [c, a, b] }) => choice(w.write(c), w.write(a), w.write(b)),
  exp: (w, node) => softmax(w, node) ?? call("exp", w.write(node.args[0])),
  sum: summed,
  maxOf: reduced("max"),
  minOf: reduced("min"),
  logsumexp: reduced("logsumexp"),
  contract: (w, node) => contraction(node, full(w, node.args[0]), full(w, node.args[1])),
  solve: (w, { args: [a, b] }) => call("solve", w.write(a), full(w, b)),
  transpose: (w, node) => (node.shape.length === 2 ? transposed(full(w, node.args[0])) : undefined),
  broadcast: spread,
  reshape,
  take: taken,
  put: placed,
  concat: (w, node) => {
    if (node.args.length === 1) return full(w, node.args[0]);
    const parts = node.args.map((a) => full(w, a));
    if (node.shape.length === 1 || node.attributes.axis === 0) return call("concat", ...parts);
    return transposed(call("concat", ...parts.map(transposed)));
  },
};

export function written(w: Arguments, node: Node): Expression | undefined {
  const rule = rules[node.op];
  if (rule) return rule(w, node);
  return functions.has(node.op) ? call(node.op, ...node.args.map((a) => w.write(a))) : undefined;
}

/** The terms of a chain of sums and differences. */
function terms(w: Arguments, node: Node): Expression[] {
  const chain = (arg: Node): Expression[] =>
    (arg.op === "add" || arg.op === "sub") && !w.isDefined(arg) ? terms(w, arg) : [w.write(arg)];
  const [a, b] = node.args;
  const second = chain(b);
  return [...chain(a), ...(node.op === "sub" ? second.map(negative) : second)];
}

interface Factors {
  number: number;
  readonly scalars: Expression[];
  readonly divisors: Expression[];
  readonly tensors: Expression[];
  /** Rows and columns that a matrix is scaled by. */
  readonly rows: Expression[];
  readonly columns: Expression[];
}

/** A chain of products and quotients: the number first, then scalars, then tensors entry by entry. */
function product(w: Arguments, node: Node): Expression {
  const found: Factors = { number: 1, scalars: [], divisors: [], tensors: [], rows: [], columns: [] };
  gather(w, node, found, node.shape.length === 2);
  const { number, scalars, divisors, tensors, rows, columns } = found;
  const factors = [...scalars];
  if (tensors.length > 0 || rows.length + columns.length > 0) {
    let body = tensors.length > 0 ? tensors.reduce(entrywise) : undefined;
    if (rows.length > 0) {
      const row = rows.reduce(entrywise);
      body = body ? times(call("diag", row), body) : times(row, transposed(ones(node.shape[1])));
    }
    if (columns.length > 0) {
      const column = columns.reduce(entrywise);
      body = body ? times(body, call("diag", column)) : times(ones(node.shape[0]), transposed(column));
    }
    factors.push(body as Expression);
  }
  if (factors.length === 0 && divisors.length === 0) return numberExpression(number);
  const under = divisors.length > 0 ? divisors.reduce(times) : undefined;
  if (factors.length === 0) return binary("/", numberExpression(number), under as Expression);
  const over = scaled(numberExpression(number), factors.flatMap(factorsOf));
  return under ? binary("/", over, under) : over;
}

function gather(w: Arguments, node: Node, found: Factors, isMatrix: boolean): void {
  const isChain = node.op === "mul" || node.op === "neg" || node.op === "div" || node.op === "safediv";
  const constantUnder = node.args[1]?.attributes.value;
  const value = node.attributes.value;
  if (value !== undefined) {
    found.number *= value;
    return;
  }
  if (isChain && node.op === "neg") {
    found.number *= -1;
    gather(w, node.args[0], found, isMatrix);
    return;
  }
  if (isChain && node.op === "mul") {
    for (const arg of node.args) gatherPart(w, arg, found, isMatrix);
    return;
  }
  if (isChain && constantUnder !== undefined) {
    found.number /= constantUnder;
    gatherPart(w, node.args[0], found, isMatrix);
    return;
  }
  if (isChain && node.args[1].shape.length === 0) {
    gatherPart(w, node.args[0], found, isMatrix);
    found.divisors.push(w.write(node.args[1]));
    return;
  }
  if (isChain) {
    found.tensors.push(binary("./", w.write(node.args[0]), w.write(node.args[1])));
    return;
  }
  if (isMatrix && node.op === "broadcast" && node.args[0].shape.length === 1) {
    (node.attributes.axes![0] === 0 ? found.rows : found.columns).push(full(w, node.args[0]));
    return;
  }
  (node.shape.length === 0 ? found.scalars : found.tensors).push(w.write(node));
}

function gatherPart(w: Arguments, node: Node, found: Factors, isMatrix: boolean): void {
  const isChain = node.op === "mul" || node.op === "neg" || node.op === "div" || node.op === "safediv";
  if (isChain && w.isDefined(node)) (node.shape.length === 0 ? found.scalars : found.tensors).push(w.write(node));
  else gather(w, node, found, isMatrix);
}

function power(w: Arguments, node: Node): Expression {
  const [base, exponent] = node.args;
  const scalar = node.shape.length === 0;
  return binary(scalar ? "^" : ".^", w.write(base), node.op === "square" ? literal(2) : w.write(exponent));
}

/** softmax(z), of a vector or row by row: exp(z - logsumexp(z)). */
function softmax(w: Arguments, node: Node): Expression | undefined {
  const [difference] = node.args;
  if (difference.op !== "sub") return undefined;
  const [z, spreadSum] = difference.args;
  const total = spreadSum.op === "broadcast" ? spreadSum.args[0] : spreadSum;
  if (total.op !== "logsumexp" || total.args[0] !== z) return undefined;
  if (z.shape.length === 1) return call("softmax", w.write(z));
  const byRows = total.attributes.axes!.length === 1 && total.attributes.axes![0] === 1;
  return byRows ? call("softmaxOfRows", w.write(z)) : undefined;
}

function summed(w: Arguments, node: Node): Expression | undefined {
  const [a] = node.args;
  const axes = node.attributes.axes!;
  if (axes.length === a.shape.length) {
    if (a.op === "square") return call("sumsq", w.write(a.args[0]));
    return call("sum", full(w, a));
  }
  if (a.shape.length !== 2) return undefined;
  return axes[0] === 1 ? times(full(w, a), ones(a.shape[1])) : times(transposed(full(w, a)), ones(a.shape[0]));
}

function reduced(word: string): Rule {
  return (w, node) => {
    const [a] = node.args;
    const axes = node.attributes.axes!;
    if (axes.length === a.shape.length) return call(word, w.write(a));
    if (a.shape.length !== 2) return undefined;
    return call(`${word}OfRows`, axes[0] === 1 ? w.write(a) : transposed(w.write(a)));
  };
}

/** A tensor with all its entries, also where it repeats a scalar, which sums and entrywise products leave implicit. */
function full(w: Arguments, node: Node): Expression {
  const scalar = node.op === "broadcast" ? node.args[0] : undefined;
  if (!scalar || scalar.shape.length > 0 || sizeOf(node.shape) === 1) return w.write(node);
  const sizes = node.shape.map(literal);
  const { value } = scalar.attributes;
  if (value === 0) return call("zeros", ...sizes);
  return value === 1 ? call("ones", ...sizes) : times(w.write(scalar), call("ones", ...sizes));
}

function spread(w: Arguments, node: Node): Expression | undefined {
  const [a] = node.args;
  if (a.shape.length === 0) return w.write(a);
  if (node.shape.length !== 2 || a.shape.length !== 1) return undefined;
  const axis = node.attributes.axes![0];
  const vector = full(w, a);
  return axis === 0 ? times(vector, transposed(ones(node.shape[1]))) : times(ones(node.shape[0]), transposed(vector));
}

function reshape(w: Arguments, node: Node): Expression | undefined {
  const [a] = node.args;
  const [from, to] = [a.shape, node.shape].map((shape) => shape.filter((d) => d !== 1));
  if (from.join() !== to.join()) return undefined;
  // one entry of a vector is a scalar
  if (node.shape.length === 0 && a.op === "take" && a.args[0].shape.length === 1)
    return indexed(w.write(a.args[0]), a.attributes.index!.start + 1);
  if (a.shape.length === 2 && a.shape[0] === 1 && node.shape.length === 1 && a.shape[1] !== 1)
    return transposed(w.write(a));
  return w.write(a);
}

function taken(w: Arguments, node: Node): Expression | undefined {
  const [a] = node.args;
  const { axis, index } = node.attributes;
  const last = index!.start + index!.size;
  const isRun = !index!.values && index!.step === 1;
  if (isRun && index!.size === a.shape[axis!]) return w.write(a);
  if (isRun && a.op === "concat" && a.attributes.axis === axis) {
    const parts = partsBetween(a, axis!, index!.start, last);
    if (parts) return parts.length === 1 ? full(w, parts[0]) : call("concat", ...parts.map((p) => full(w, p)));
  }
  const base = w.write(a);
  if (index!.values || index!.step !== 1) {
    const positions = Array.from({ length: index!.size }, (_, k) =>
      index!.values ? index!.values[k] + 1 : index!.start + k * index!.step + 1,
    );
    if (positions.length > 6) return undefined;
    return call("entries", base, array(positions.map(literal)));
  }
  const place = index!.size === 1 ? index!.start + 1 : ([index!.start + 1, last] as const);
  return indexed(base, ...a.shape.map((_, k) => (k === axis ? place : ("all" as const))));
}

/** The operands of a concatenation that make up a run of its entries; undefined where the run cuts one. */
function partsBetween(node: Node, axis: number, start: number, end: number): readonly Node[] | undefined {
  let at = 0;
  const parts = node.args.filter((a) => {
    const from = at;
    at += a.shape[axis];
    return from >= start && at <= end;
  });
  return parts.reduce((n, p) => n + p.shape[axis], 0) === end - start ? parts : undefined;
}

/** Entries put into zeros. */
function placed(w: Arguments, node: Node): Expression | undefined {
  const { axis, index, size } = node.attributes;
  if (index!.values || index!.step !== 1 || axis !== 0) return undefined;
  const before = index!.start;
  const after = size! - before - index!.size;
  const rest = node.shape.slice(1).map(literal);
  const zeros = (n: number): Expression[] =>
    n > 0 ? [n === 1 && rest.length === 0 ? literal(0) : call("zeros", literal(n), ...rest)] : [];
  const parts = [...zeros(before), full(w, node.args[0]), ...zeros(after)];
  return parts.length === 1 ? parts[0] : call("concat", ...parts);
}
