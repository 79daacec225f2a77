/**
 * Nodes of a problem as formulas: small ones multiplied out as polynomials where that is short, all others as linear algebra. TeX
 * and text are of the same expression.
 */
import { type InputBlock, type Node, sizeOf } from "../expr/node.js";
import { simplestOf } from "../expr/polynomialNode.js";
import { textOf } from "../expr/polynomialText.js";
import { topological } from "../expr/walk.js";
import type { Problem } from "../model/problem.js";
import { printExpression } from "../syntax/printExpression.js";
import type { Expression } from "../syntax/tree.js";
import type { Block, Fact, Formula } from "./document.js";
import { type Blocks, entryNames, type NamedBlock, problemBlocks, variablesOf } from "./graph/blocks.js";
import { type Definition, type NamedConstant, writeGraph } from "./graph/writer.js";
import { brokenTex } from "./notation/broken.js";
import { array } from "./notation/make.js";
import { parsedExpression } from "./notation/parsed.js";
import { expressionTex, factorTex, type Names } from "./notation/tex.js";

/** Entries in all, and letters of an entry, up to which formulas are multiplied out. */
const mostEntries = 16;
const longestEntry = 240;
/** Letters of a formula beyond which it is cut, in any output. */
const longestFormula = 6000;
const mostNodes = 400;
/** Linear algebra is kept where it is shorter by such a factor than what is multiplied out. */
const keptAbove = 1.15;

const lettersOf = (expressions: readonly Expression[]): number =>
  expressions.reduce((n, e) => n + printExpression(e).length, 0);

const lettersOfAll = ({ expressions, definitions }: Formulas): number =>
  lettersOf([...expressions, ...definitions.map((d) => d.value)]);

export interface Formulas {
  readonly expressions: readonly Expression[];
  readonly definitions: readonly Definition[];
  readonly constants: readonly NamedConstant[];
}

export class Formulary {
  readonly names: Names;
  private readonly blocks: Blocks;

  /** `added`: blocks of our own that formulas also read. */
  constructor(
    readonly problem: Problem,
    added: readonly NamedBlock[] = [],
    special: ReadonlyMap<string, string> = new Map(),
  ) {
    const used = new Set(variablesOf(problem).map((v) => v.name));
    this.names = {
      taken: (name) => used.has(name),
      special: new Map([...special, ...added.flatMap((a) => [...a.tex])]),
    };
    this.blocks = new Map<InputBlock, readonly NamedBlock["places"][number][]>([
      ...problemBlocks(problem),
      ...added.map((a): [InputBlock, NamedBlock["places"]] => [a.block, a.places]),
    ]);
  }

  /** Undefined where the nodes have no form that people can read. */
  write(nodes: readonly Node[]): Formulas | undefined {
    const small = this.multipliedOut(nodes);
    const written = this.written(nodes);
    const letters = written && lettersOfAll(written);
    if (small && !(letters !== undefined && lettersOf(small) > keptAbove * letters))
      return { expressions: small, definitions: [], constants: [] };
    if (!written || letters === undefined || letters > longestFormula) return undefined;
    return this.mixed(nodes) ?? written;
  }

  /** Those nodes multiplied out that are shorter so, the others as linear algebra; undefined where all are of one kind. */
  private mixed(nodes: readonly Node[]): Formulas | undefined {
    const small = nodes.map((node): Expression | undefined => {
      const [own] = this.multipliedOut([node]) ?? [];
      const algebra = this.written([node]);
      return own && algebra && lettersOf([own]) < lettersOfAll(algebra) ? own : undefined;
    });
    const left = nodes.filter((_, k) => small[k] === undefined);
    const rest = left.length < nodes.length ? this.written(left) : undefined;
    if (!rest) return undefined;
    const others = [...rest.expressions];
    return { ...rest, expressions: small.map((own) => own ?? (others.shift() as Expression)) };
  }

  /** As linear algebra. */
  private written(nodes: readonly Node[]): Formulas | undefined {
    const found = writeGraph(this.blocks, nodes, this.names.taken, this.problem.builder.graph.tensors);
    return found && { expressions: found.outputs, definitions: found.definitions, constants: found.constants };
  }

  /** Each node entry by entry, where all of it is short and there are no data to keep together. */
  multipliedOut(nodes: readonly Node[], withData = false): readonly Expression[] | undefined {
    const entries = nodes.reduce((n, node) => n + sizeOf(node.shape), 0);
    if (entries > mostEntries * Math.max(1, nodes.length / 4)) return undefined;
    const order = topological(nodes);
    if (order.length > mostNodes || (!withData && order.some((n) => n.attributes.tensor))) return undefined;
    const names = entryNames(this.blocks);
    const result: Expression[] = [];
    for (const node of nodes) {
      const polynomials = simplestOf(node, names);
      const texts = polynomials?.map((p) => textOf(p, names, 8));
      if (!texts || texts.some((t) => t.length > longestEntry)) return undefined;
      const parts = texts.map(parsedExpression);
      const rows = (from: number, n: number): Expression => array(parts.slice(from, from + n));
      if (node.shape.length === 0) result.push(parts[0]);
      else if (node.shape.length === 1) result.push(array(parts));
      else if (parts.length === 1) result.push(parts[0]);
      else if (node.shape.length === 2)
        result.push(array(Array.from({ length: node.shape[0] }, (_, k) => rows(k * node.shape[1], node.shape[1]))));
      else return undefined;
    }
    return result;
  }

  /** `left = right`. */
  equation(left: Formula, right: Expression): Formula {
    return {
      tex: brokenTex(`${left.tex} =`, right, this.names),
      text: `${left.text} = ${printExpression(right)}`,
    };
  }

  tex(e: Expression): string {
    return expressionTex(e, this.names);
  }

  factor(e: Expression): string {
    return factorTex(e, this.names);
  }

  symbol(e: Expression): Formula {
    return { tex: this.tex(e), text: printExpression(e) };
  }

  /** What z1 and the constants stand for. */
  legend({ definitions, constants }: Formulas): readonly Block[] {
    const blocks: Block[] = definitions.map(({ name, value }) => ({
      kind: "formula",
      name: "where",
      formula: this.equation(this.symbol(parsedExpression(name)), value),
    }));
    const rows = constants.map(({ name, shape }): Fact => ({ term: name, value: shapeWords(shape) }));
    return rows.length > 0 ? [...blocks, { kind: "facts", rows }] : blocks;
  }
}

export function shapeWords(shape: readonly number[]): string {
  if (shape.length === 0) return "scalar";
  return shape.length === 1 ? `vector of ${shape[0]}` : `${shape.join(" x ")} matrix`;
}
