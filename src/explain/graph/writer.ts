/**
 * Graphs as expressions of the language, tensors as the matrices and vectors that people write: A' * (A * y - b). Long parts
 * that occur more than once become definitions z1, z2, …, large constants without a name C1, C2, …. What has no such form
 * (three axes and more) is left unwritten.
 */
import type { Node, Tensor } from "../../expr/node.js";
import { topological } from "../../expr/walk.js";
import { printExpression } from "../../syntax/printExpression.js";
import type { Expression } from "../../syntax/tree.js";
import { name } from "../notation/make.js";
import { numberExpression } from "../notation/numbers.js";
import { parsedExpression } from "../notation/parsed.js";
import type { Blocks } from "./blocks.js";
import { placedPart, writtenConstant } from "./leaves.js";
import { written } from "./rules.js";

export interface Definition {
  readonly name: string;
  readonly value: Expression;
}

/** A constant that formulas name. */
export interface NamedConstant {
  readonly name: string;
  readonly shape: readonly number[];
}

export interface Written {
  readonly outputs: readonly Expression[];
  readonly definitions: readonly Definition[];
  /** Large constants in order of appearance. */
  readonly constants: readonly NamedConstant[];
}

/** Thrown where a node has no form as linear algebra. */
export class Unwritten extends Error {}

/** Shared parts longer than this become definitions. */
const longest = 24;
const mostNodes = 4000;

const layout = new Set(["reshape", "broadcast", "take", "concat", "put"]);

export function writeGraph(
  blocks: Blocks,
  roots: readonly Node[],
  taken: (name: string) => boolean,
  tensors: readonly Tensor[] = [],
): Written | undefined {
  try {
    return new GraphWriter(blocks, roots, taken, tensors).result();
  } catch (error) {
    if (error instanceof Unwritten) return undefined;
    throw error;
  }
}

export class GraphWriter {
  private readonly known = new Map<Node, Expression>();
  private readonly uses = new Map<Node, number>();
  private readonly definitions: Definition[] = [];
  private readonly constants: NamedConstant[] = [];

  constructor(
    private readonly blocks: Blocks,
    private readonly roots: readonly Node[],
    private readonly taken: (name: string) => boolean,
    /** Among them are constants with names: what has the same entries is called the same. */
    private readonly tensors: readonly Tensor[],
  ) {}

  result(): Written {
    const order = topological(this.roots);
    if (order.length > mostNodes) throw new Unwritten();
    for (const node of order) for (const a of new Set(node.args)) this.uses.set(a, (this.uses.get(a) ?? 0) + 1);
    const outputs = this.roots.map((node) => this.output(node));
    return { outputs, definitions: this.definitions, constants: this.constants };
  }

  /** Flat results are shown in whatever shape they were computed. */
  private output(node: Node): Expression {
    return node.op === "reshape" && !placedPart(this.blocks, node) ? this.output(node.args[0]) : this.write(node);
  }

  write(node: Node): Expression {
    const done = this.known.get(node);
    if (done) return done;
    let expression = this.fresh(node);
    if ((this.uses.get(node) ?? 0) > 1 && !layout.has(node.op) && node.args.length > 0) {
      if (printExpression(expression).length > longest) expression = this.define(expression);
    }
    this.known.set(node, expression);
    return expression;
  }

  /** True where a node is (or will be) shown under a name of its own. */
  isDefined(node: Node): boolean {
    return this.write(node).kind === "name";
  }

  private fresh(node: Node): Expression {
    const variable = placedPart(this.blocks, node);
    if (variable) return variable;
    const { value, tensor } = node.attributes;
    if (value !== undefined) return numberExpression(value);
    if (tensor) {
      const short = tensor.name === undefined ? this.constant(tensor) : undefined;
      if (short) return short;
      const text = tensor.name ?? this.free("C", this.constants.filter((c) => /^C\d+$/.test(c.name)).length + 1);
      if (!this.constants.some((c) => c.name === text)) this.constants.push({ name: text, shape: node.shape });
      return parsedExpression(text);
    }
    if (node.shape.length > 2) throw new Unwritten();
    const expression = written(this, node);
    if (!expression) throw new Unwritten();
    return expression;
  }

  nameOf(tensor: Tensor): string | undefined {
    const names = new Set<string>();
    for (const other of this.tensors)
      if (other.name !== undefined && other.name !== "I" && sameEntries(other, tensor)) names.add(other.name);
    const [only] = names;
    return names.size === 1 ? only : undefined;
  }

  constant(tensor: Tensor): Expression | undefined {
    const text = this.nameOf(tensor);
    if (text === undefined) return writtenConstant(tensor);
    if (!this.constants.some((c) => c.name === text)) this.constants.push({ name: text, shape: tensor.shape });
    return parsedExpression(text);
  }

  private define(value: Expression): Expression {
    const text = this.free("z", this.definitions.length + 1);
    this.definitions.push({ name: text, value });
    return name(text);
  }

  private free(letter: string, number: number): string {
    let text = `${letter}${number}`;
    while (this.taken(text)) text = `${letter}${text}`;
    return text;
  }
}

/** To rounding: constants that were folded come from other products. */
function sameEntries(a: Tensor, b: Tensor): boolean {
  if (a.shape.length !== b.shape.length || a.shape.some((d, k) => d !== b.shape[k])) return false;
  return a.values.every((v, i) => Math.abs(v - b.values[i]) <= 1e-15 * Math.abs(v));
}
