/** Polynomials back as expressions of the graph, and the form of an expression that people would choose: multiplied out, or with its factors kept. */
import type { IndexSet, InputBlock, Node, Shape } from "./node.js";
import type { Polynomial, Power, Term } from "./polynomial.js";
import { toNumber } from "./polynomialNumber.js";
import { polynomialsOf } from "./polynomialOf.js";
import { type EntryNames, plainNames, textOf } from "./polynomialText.js";

/** What this file needs of the builder. */
export interface NodeMaker {
  readonly graph: { range(start: number, size: number): IndexSet };
  constant(value: number): Node;
  input(block: InputBlock): Node;
  take(a: Node, axis: number, index: IndexSet): Node;
  reshape(a: Node, shape: Shape): Node;
  apply(op: string, args: readonly Node[]): Node;
}

/** A scalar node; coefficients become the nearest doubles. */
export function toNode(b: NodeMaker, p: Polynomial): Node {
  let sum: Node | undefined;
  for (const t of p.terms) {
    const positive = sum === undefined || t.coefficient.n > 0n;
    const next = termNode(b, t, sum !== undefined && !positive);
    sum = sum === undefined ? next : b.apply(positive ? "add" : "sub", [sum, next]);
  }
  return sum ?? b.constant(0);
}

function termNode(b: NodeMaker, { coefficient, powers }: Term, flip: boolean): Node {
  let result = b.constant((flip ? -1 : 1) * toNumber(coefficient));
  for (const q of powers) result = b.apply(q.exponent > 0 ? "mul" : "div", [result, powerNode(b, q)]);
  return result;
}

function powerNode(b: NodeMaker, { atom, exponent }: Power): Node {
  const size = Math.abs(exponent);
  const base = (): Node => {
    if (atom.kind === "group") return toNode(b, atom.of);
    if (atom.kind === "call")
      return b.apply(
        atom.op,
        atom.args.map((a) => toNode(b, a)),
      );
    return b.reshape(b.take(b.input(atom.block), 0, b.graph.range(atom.index, 1)), []);
  };
  if (size === 1) return base();
  return size === 2 ? b.apply("square", [base()]) : b.apply("pow", [base(), b.constant(size)]);
}

/** Factors are kept where that shortens the text to such a share: (x - 1)^2, but 1.01x^2 - 0.06x + 0.09. */
const KEPT = 0.75;

/** All entries of a node multiplied out, or with powers and products of sums kept where that is clearly shorter. */
export function simplestOf(node: Node, names: EntryNames = plainNames): readonly Polynomial[] | undefined {
  const out = polynomialsOf(node);
  const kept = polynomialsOf(node, { expand: false });
  if (out === undefined || kept === undefined) return out ?? kept;
  return out.map((p, i) => (textOf(kept[i], names).length <= KEPT * textOf(p, names).length ? kept[i] : p));
}
