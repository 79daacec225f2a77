/** Chains of products and quotients as people write them: the number first, then scalars, then tensors entry by entry. */
import type { Node, Tensor } from "../../expr/node.js";
import type { Expression } from "../../syntax/tree.js";
import { binary, call, factorsOf, piecesOf, scaled, transposed, withPowers } from "../notation/make.js";
import { numberExpression } from "../notation/numbers.js";
import { type Arguments, full } from "./arguments.js";
import { entrywise, ones, times } from "./contractions.js";
import { writtenConstant } from "./leaves.js";

interface Factors {
  number: number;
  readonly scalars: Expression[];
  readonly divisors: Expression[];
  readonly tensors: Expression[];
  /** Constants without a name, which take the number in. */
  readonly constants: Tensor[];
  /** Rows and columns that a matrix is scaled by. */
  readonly rows: Expression[];
  readonly columns: Expression[];
}

const none = (): Factors => ({
  number: 1,
  scalars: [],
  divisors: [],
  tensors: [],
  constants: [],
  rows: [],
  columns: [],
});

const quotients = new Set(["neg", "div", "safediv"]);

/** A product of two tensors entry by entry, as contractions say it. */
function isEntrywise({ op, args, attributes: { labels } }: Node): boolean {
  if (op !== "contract" || !labels || args.some((a) => a.shape.length !== 1)) return false;
  return labels.left[0] === labels.right[0] && labels.out.length === 1;
}

const isChain = (node: Node): boolean => node.op === "mul" || quotients.has(node.op) || isEntrywise(node);

export function product(w: Arguments, node: Node): Expression {
  const found = none();
  gather(w, node, found, node.shape.length === 2);
  return composed(w, found, node.shape);
}

/** The same of a contraction that is one; undefined of others. */
export function entrywiseProduct(w: Arguments, node: Node): Expression | undefined {
  return isEntrywise(node) && node.args.some((a) => a.attributes.tensor !== undefined) ? product(w, node) : undefined;
}

function composed(w: Arguments, found: Factors, shape: readonly number[]): Expression {
  const { scalars, divisors, rows, columns } = found;
  const [number, constants] = scaledConstants(w, found);
  const tensors = [...constants, ...found.tensors];
  const factors = [...withPowers(scalars)];
  if (tensors.length > 0 || rows.length + columns.length > 0) {
    let body = tensors.length > 0 ? tensors.reduce(entrywise) : undefined;
    if (rows.length > 0) {
      const row = rows.reduce(entrywise);
      body = body ? times(call("diag", row), body) : times(row, transposed(ones(shape[1])));
    }
    if (columns.length > 0) {
      const column = columns.reduce(entrywise);
      body = body ? times(body, call("diag", column)) : times(ones(shape[0]), transposed(column));
    }
    factors.push(body as Expression);
  }
  if (factors.length === 0 && divisors.length === 0) return numberExpression(number);
  const under = divisors.length > 0 ? withPowers(divisors.flatMap(piecesOf)).reduce(times) : undefined;
  if (factors.length === 0) return binary("/", numberExpression(number), under as Expression);
  const over = scaled(numberExpression(number), factors.flatMap(factorsOf));
  return under ? binary("/", over, under) : over;
}

/** The number that is left, and the constants: with the number inside where that has a name, or where nothing here has one. */
function scaledConstants(w: Arguments, { number, constants }: Factors): readonly [number, readonly Expression[]] {
  if (constants.length === 0) return [number, []];
  const [{ shape }] = constants;
  const values = constants[0].values.map((_, i) => constants.reduce((all, c) => all * c.values[i], number));
  const together = { shape, values };
  const named = w.nameOf(together) !== undefined || constants.every((c) => w.nameOf(c) === undefined);
  const one = named ? w.constant(together) : undefined;
  return one ? [1, [one]] : [number, constants.flatMap((c) => w.constant(c) ?? [])];
}

/** A constant that the source has no name for, but that can be shown: its entries may take in a number. */
const isNameless = (w: Arguments, tensor: Tensor | undefined): tensor is Tensor =>
  tensor !== undefined &&
  tensor.name === undefined &&
  (writtenConstant(tensor) !== undefined || w.nameOf(tensor) !== undefined);

function gather(w: Arguments, node: Node, found: Factors, isMatrix: boolean): void {
  const { value, tensor } = node.attributes;
  if (value !== undefined) {
    found.number *= value;
    return;
  }
  if (isNameless(w, tensor)) {
    found.constants.push(tensor);
    return;
  }
  const [first, second] = node.args;
  if (node.op === "neg") {
    found.number *= -1;
    gather(w, first, found, isMatrix);
    return;
  }
  if (node.op === "mul" || isEntrywise(node)) {
    for (const arg of node.args) gatherPart(w, arg, found, isMatrix);
    return;
  }
  if (isChain(node)) {
    gatherQuotient(w, first, second, found, isMatrix);
    return;
  }
  if (isMatrix && node.op === "broadcast" && first.shape.length === 1) {
    (node.attributes.axes![0] === 0 ? found.rows : found.columns).push(edge(w, first, found));
    return;
  }
  (node.shape.length === 0 ? found.scalars : found.tensors).push(w.write(node));
}

function gatherQuotient(w: Arguments, over: Node, under: Node, found: Factors, isMatrix: boolean): void {
  const { value } = under.attributes;
  if (value !== undefined) {
    found.number /= value;
    gatherPart(w, over, found, isMatrix);
  } else if (under.shape.length === 0) {
    gatherPart(w, over, found, isMatrix);
    found.divisors.push(w.write(under));
  } else found.tensors.push(binary("./", w.write(over), w.write(under)));
}

/** A vector along one side of a matrix; its number goes to the front of the whole product. */
function edge(w: Arguments, vector: Node, found: Factors): Expression {
  if (!isChain(vector) || w.isDefined(vector)) return full(w, vector);
  const own = none();
  gather(w, vector, own, false);
  if (own.tensors.length === 0 || own.constants.length > 0) return full(w, vector);
  found.number *= own.number;
  return composed(w, { ...own, number: 1 }, vector.shape);
}

function gatherPart(w: Arguments, node: Node, found: Factors, isMatrix: boolean): void {
  if (isChain(node) && w.isDefined(node)) (node.shape.length === 0 ? found.scalars : found.tensors).push(w.write(node));
  else gather(w, node, found, isMatrix);
}
