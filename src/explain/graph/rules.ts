/** How each operator of the graph is written: sums and products are gathered over chains, layout becomes indices. */
import { type Node, sizeOf } from "../../expr/node.js";
import type { Expression } from "../../syntax/tree.js";
import { array, binary, call, choice, indexed, literal, raised, transposed } from "../notation/make.js";
import { type Arguments, full, type Rule } from "./arguments.js";
import { contraction, ones, times } from "./contractions.js";
import { entrywiseProduct, product } from "./products.js";
import { sum } from "./sums.js";

/** Vectors of at most so many entries are written entry by entry, where that is possible. */
const mostEntries = 6;

/** Operators that are functions of the language under their own name, entry by entry. */
const functions = new Set(
  "exp expm1 log log1p sqrt abs sign sin cos tan asin acos atan sinh cosh tanh sigmoid softplus relu erf atan2 min max".split(
    " ",
  ),
);

/** Numbers stand on the right: `x > 0`. */
const turned = { "<": ">", "<=": ">=", "==": "==", and: "and", or: "or" } as const;

const relation =
  (operator: keyof typeof turned): Rule =>
  (w, { args: [a, b] }) =>
    a.attributes.value === undefined
      ? binary(operator, w.write(a), w.write(b))
      : binary(turned[operator], w.write(b), w.write(a));

const rules: Readonly<Record<string, Rule>> = {
  add: sum,
  sub: sum,
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
  contract: (w, node) => entrywiseProduct(w, node) ?? contraction(node, full(w, node.args[0]), full(w, node.args[1])),
  solve: (w, { args: [a, b] }) => call("solve", w.write(a), full(w, b)),
  transpose: (w, node) => (node.shape.length === 2 ? transposed(full(w, node.args[0])) : undefined),
  broadcast: spread,
  reshape,
  take: taken,
  put: placed,
  concat: (w, node) => {
    if (node.args.length === 1) return full(w, node.args[0]);
    if (node.shape.length === 1 || node.attributes.axis === 0) return joined(w, node.args);
    const parts = node.args.map((a) => full(w, a));
    return transposed(call("concat", ...parts.map(transposed)));
  },
};

export function written(w: Arguments, node: Node): Expression | undefined {
  const rule = rules[node.op];
  if (rule) return rule(w, node);
  return functions.has(node.op) ? call(node.op, ...node.args.map((a) => w.write(a))) : undefined;
}

function power(w: Arguments, node: Node): Expression {
  const [base, exponent] = node.args;
  const power = node.op === "square" ? literal(2) : w.write(exponent);
  if (node.shape.length > 0) return binary(".^", w.write(base), power);
  return raised(w.write(base), power);
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
    if (parts) return parts.length === 1 ? full(w, parts[0]) : joined(w, parts);
  }
  if (isRun && a.op === "put" && axis === 0 && a.shape.length === 1) {
    const part = ofPlaced(w, a, index!.start, last);
    if (part) return part;
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

/** A run of entries that were put into zeros, where it does not cut what was put. */
function ofPlaced(w: Arguments, node: Node, start: number, end: number): Expression | undefined {
  const { index } = node.attributes;
  if (index!.values || index!.step !== 1) return undefined;
  const [from, to] = [index!.start, index!.start + index!.size];
  if (to <= start || end <= from) return end - start === 1 ? literal(0) : call("zeros", literal(end - start));
  if (from < start || end < to) return undefined;
  return amongZeros(w, node.args[0], from - start, end - to);
}

/** Entries put into zeros. */
function placed(w: Arguments, node: Node): Expression | undefined {
  const { axis, index, size } = node.attributes;
  if (index!.values || index!.step !== 1 || axis !== 0) return undefined;
  return amongZeros(w, node.args[0], index!.start, size! - index!.start - index!.size);
}

function amongZeros(w: Arguments, node: Node, before: number, after: number): Expression {
  if (before + after === 0) return full(w, node);
  const zero = (n: number): Expression[] => new Array<Expression>(n).fill(literal(0));
  const entries = before + after < mostEntries ? entriesOf(w, [node]) : undefined;
  if (entries && before + after + entries.length <= mostEntries)
    return array([...zero(before), ...entries, ...zero(after)]);
  const rest = node.shape.slice(1).map(literal);
  const zeros = (n: number): Expression[] =>
    n > 0 ? [n === 1 && rest.length === 0 ? literal(0) : call("zeros", literal(n), ...rest)] : [];
  return call("concat", ...zeros(before), full(w, node), ...zeros(after));
}

/** Parts one below the other. */
function joined(w: Arguments, parts: readonly Node[]): Expression {
  const entries = entriesOf(w, parts);
  return entries ? array(entries) : call("concat", ...parts.map((p) => full(w, p)));
}

/** Vectors one after the other as single entries, where they are few and each has an expression; undefined otherwise. */
function entriesOf(w: Arguments, nodes: readonly Node[]): readonly Expression[] | undefined {
  if (nodes.some((n) => n.shape.length !== 1) || nodes.reduce((n, a) => n + sizeOf(a.shape), 0) > mostEntries)
    return undefined;
  const found = nodes.map((node): readonly Expression[] | undefined => {
    const written = w.write(node);
    if (written.kind === "array") return written.items;
    return sizeOf(node.shape) === 1 ? [written] : undefined;
  });
  return found.every((f) => f !== undefined) ? found.flat() : undefined;
}
