/**
 * Graphs as TeX formulas. Operators' rules write the formula over their arguments' formulas; this file knows how strongly
 * each binds and puts brackets where an argument binds less strongly than its place needs. Long parts that occur more
 * than once become definitions z_1, z_2, …, so that the size stays proportional to the graph's.
 */
import type { Node } from "./node.js";
import { topological } from "./walk.js";

export interface TexOptions {
  /** The rule of a node's operator. */
  readonly rule: (node: Node) => (args: readonly string[], node: Node) => string;
  /** A name for a node, already TeX: that of the variable it stands for. */
  readonly name?: (node: Node) => string | undefined;
}

export interface Formulas {
  /** One for each output. */
  readonly outputs: readonly string[];
  readonly definitions: readonly { readonly name: string; readonly formula: string }[];
}

/** Binding strengths, from weak to strong. `superscript`: may not take another superscript; `subscript` likewise. */
const strength = { logic: 1, sum: 2, minus: 3, product: 4, superscript: 5, subscript: 6, atom: 7 } as const;

interface Binding {
  readonly result: number;
  /** What each argument's place needs; the last one holds for all further arguments. */
  readonly needs: readonly number[];
}

const call: Binding = { result: strength.atom, needs: [0] };
const above = (level: number): number => level + 1;
const bindings: Readonly<Record<string, Binding>> = {
  add: { result: strength.sum, needs: [strength.sum, above(strength.minus)] },
  sub: { result: strength.sum, needs: [strength.sum, above(strength.minus)] },
  neg: { result: strength.minus, needs: [strength.product] },
  mul: { result: strength.product, needs: [strength.product] },
  div: { result: strength.superscript, needs: [0] },
  safediv: { result: strength.superscript, needs: [0] },
  pow: { result: strength.superscript, needs: [strength.subscript, 0] },
  square: { result: strength.superscript, needs: [strength.subscript] },
  exp: { result: strength.superscript, needs: [0] },
  transpose: { result: strength.superscript, needs: [strength.subscript] },
  contract: { result: strength.product, needs: [strength.subscript] },
  solve: { result: strength.product, needs: [strength.subscript] },
  take: { result: strength.subscript, needs: [strength.atom] },
  and: { result: strength.logic, needs: [above(strength.logic)] },
  or: { result: strength.logic, needs: [above(strength.logic)] },
  not: { result: strength.atom, needs: [strength.atom] },
  select: { result: strength.product, needs: [0] },
};

interface Piece {
  readonly tex: string;
  readonly strength: number;
}

/** Shared parts longer than this become definitions. */
const longest = 40;

export function toTex(outputs: readonly Node[], { rule, name = () => undefined }: TexOptions): Formulas {
  const order = topological(outputs);
  const uses = new Map<Node, number>();
  for (const node of order) for (const a of node.args) uses.set(a, (uses.get(a) ?? 0) + 1);
  const pieces = new Map<Node, Piece>();
  const definitions: { name: string; formula: string }[] = [];
  for (const node of order) {
    const named = name(node);
    let piece = named === undefined ? write(node, pieces, rule(node)) : { tex: named, strength: strength.subscript };
    const shared = (uses.get(node) ?? 0) > 1 && piece.tex.length > longest;
    if (shared && !transparent(node)) {
      definitions.push({ name: `z_{${definitions.length + 1}}`, formula: piece.tex });
      piece = { tex: `z_{${definitions.length}}`, strength: strength.subscript };
    }
    pieces.set(node, piece);
  }
  return { outputs: outputs.map((node) => pieces.get(node)!.tex), definitions: used(definitions, outputs, pieces) };
}

/** Layout that a formula does not show. */
function transparent(node: Node): boolean {
  return node.op === "reshape" || node.op === "broadcast";
}

function write(
  node: Node,
  pieces: ReadonlyMap<Node, Piece>,
  rule: (args: readonly string[], node: Node) => string,
): Piece {
  const args = node.args.map((a) => pieces.get(a)!);
  if (transparent(node)) return args[0];
  const { result, needs } = bindings[node.op] ?? call;
  const texts = args.map((a, i) => {
    const needed = needs[Math.min(i, needs.length - 1)];
    return a.strength < needed ? `\\left(${a.tex}\\right)` : a.tex;
  });
  const tex = rule(texts, node);
  if (node.op !== "constant") return { tex, strength: node.op === "tensor" ? strength.subscript : result };
  if (tex.startsWith("-")) return { tex, strength: strength.minus };
  return { tex, strength: tex.includes("\\cdot") ? strength.product : strength.atom };
}

/** Definitions that the outputs reach, directly or through others. */
function used(
  definitions: readonly { name: string; formula: string }[],
  outputs: readonly Node[],
  pieces: ReadonlyMap<Node, Piece>,
): readonly { name: string; formula: string }[] {
  const reached = new Set<string>();
  const look = (tex: string): void => {
    for (const [name] of tex.matchAll(/z_\{\d+\}/g)) reached.add(name);
  };
  for (const node of outputs) look(pieces.get(node)!.tex);
  for (const d of [...definitions].reverse()) if (reached.has(d.name)) look(d.formula);
  return definitions.filter((d) => reached.has(d.name));
}
