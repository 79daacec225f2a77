/**
 * A single-level program as expressions: what a reformulation of a bilevel problem makes.
 *
 *     min objective(u; p)   subject to   lower <= rows(u; p) <= upper,   bounds on u
 *
 * u is the blocks in their order, one after the other. p are parameters: held fixed by a solve, changed between solves
 * (a relaxation t -> 0). Its derivatives are derivatives of these graphs; see compile.ts.
 */
import type { InputBlock, Node } from "../expr/node.js";
import type { Builder } from "../ops/build.js";

type Vector = Float64Array;

export interface Block {
  readonly input: InputBlock;
  /** ±Infinity where there is no bound. */
  readonly lower: Vector;
  readonly upper: Vector;
}

/** What a group of rows says. */
export type RowOrigin =
  | "upper" // a constraint or domain of the upper level
  | "lower" // a constraint or domain of a lower level
  | "stationarity" // the lower gradient of the Lagrangian vanishes
  | "complementarity" // multiplier times slack
  | "value"; // the lower objective is no worse than …

export interface Rows {
  /** The constraint's name in the source, or words for rows that the reformulation adds. */
  readonly name: string;
  readonly origin: RowOrigin;
  /** Shape [k]. */
  readonly body: Node;
  readonly lower: Vector;
  readonly upper: Vector;
}

export interface Program {
  readonly builder: Builder;
  readonly blocks: readonly Block[];
  readonly parameters: readonly InputBlock[];
  /** Scalar, to be minimised. */
  readonly objective: Node;
  readonly rows: readonly Rows[];
}

export function sizeOf(blocks: readonly Block[]): number {
  return blocks.reduce((sum, block) => sum + block.input.size, 0);
}

/** Rows body <= 0 or body == 0. */
export function rowsOf(name: string, origin: RowOrigin, kind: "le" | "eq", body: Node): Rows {
  const size = body.shape[0];
  return {
    name,
    origin,
    body,
    lower: new Float64Array(size).fill(kind === "eq" ? 0 : Number.NEGATIVE_INFINITY),
    upper: new Float64Array(size),
  };
}

export function freeBlock(name: string, size: number): Block {
  return {
    input: { name, size },
    lower: new Float64Array(size).fill(Number.NEGATIVE_INFINITY),
    upper: new Float64Array(size).fill(Number.POSITIVE_INFINITY),
  };
}
