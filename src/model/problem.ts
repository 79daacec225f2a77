/** A checked problem: what elaboration makes of a syntax tree, and all that derivatives, code and reports start from. */
import type { Diagnostic } from "../base/diagnostic.js";
import type { Source } from "../base/source.js";
import type { Span } from "../base/span.js";
import type { InputBlock, Node, Shape } from "../expr/node.js";
import type { Builder } from "../ops/build.js";

/** The set a variable's block lies in, with bounds spelled out per entry (±Infinity where there is none). */
export type Domain =
  | { readonly kind: "free" }
  | { readonly kind: "box"; readonly lower: Float64Array; readonly upper: Float64Array }
  | { readonly kind: "ball"; readonly center: Float64Array; readonly radius: number }
  /** y >= 0, sum(y) = total */
  | { readonly kind: "simplex"; readonly total: number };

/** A decision variable: a block of the flat vector of its level (x for the upper level, y for all lower levels together). */
export interface Variable {
  readonly name: string;
  readonly level: "upper" | "lower";
  /** Index into `Problem.lowers`; undefined for upper variables. */
  readonly follower: number | undefined;
  readonly shape: Shape;
  readonly offset: number;
  readonly size: number;
  readonly domain: Domain;
  /** Starting value as written (default: the projection of 0 onto the domain). */
  readonly init: Float64Array;
  readonly span: Span;
}

/** Rows of `body <= 0` or `body == 0`; `body` is a flat vector. */
export interface Constraint {
  /** Written name, or `upper1`, `lower2` … in order. Several rows (forall, vectors) share one. */
  readonly name: string;
  readonly kind: "le" | "eq";
  readonly body: Node;
  readonly rows: number;
  readonly span: Span;
}

export interface LevelModel {
  readonly name: string;
  readonly variables: readonly Variable[];
  /** To be minimised; where the source says maximize this is the negation of what was written. */
  readonly objective: Node;
  readonly sense: "minimize" | "maximize";
  readonly constraints: readonly Constraint[];
  /** The follower and its constraint whose multiplier this player chooses, where a `dual` asks for one. */
  readonly priceOf?: { readonly owner: number; readonly constraint: Constraint };
  readonly span: Span;
}

/** A comprehension marked `batch`: a finite sum a stochastic method may sample from. */
export interface SampleMark {
  readonly id: number;
  readonly level: "upper" | "lower";
  /** Number of terms and minibatch size. */
  readonly terms: number;
  readonly batch: number;
  readonly span: Span;
}

/** What `solve { }` asks for; flags and API options override it. */
export interface SolveSettings {
  readonly method?: string;
  readonly seed?: number;
  readonly tolerance?: number;
  readonly seconds?: number;
  readonly iterations?: number;
  readonly calls?: number;
  readonly options: Readonly<Record<string, number | boolean | string>>;
  /** Where each setting stands in the source, by its name. */
  readonly spans?: ReadonlyMap<string, Span>;
}

/** One line of `expect { }`, with expressions compiled to nodes over x and y. */
export type ExpectationModel =
  | {
      readonly kind: "value";
      /** The source text of the target. */
      readonly text: string;
      readonly target:
        | Node
        | { readonly objective: "upper" }
        | { readonly objective: "lower"; readonly follower: number };
      /** Expected entries, flat; same number as the target's, or one for all. */
      readonly value: Float64Array;
      /** Absolute tolerance; default 1e-6 (1 + |value|). */
      readonly within: number | undefined;
      readonly span: Span;
    }
  | { readonly kind: "status"; readonly status: string; readonly span: Span }
  | { readonly kind: "needs"; readonly method: string; readonly span: Span };

/** A user function of scalars, kept as text for formulas and for the independent derivative by mathjs. */
export interface ScalarFunction {
  readonly name: string;
  readonly parameters: readonly string[];
  /** The body printed in the language's own syntax; constants of the problem are substituted. */
  readonly body: string;
}

export interface Problem {
  /** The title, or the file's base name. */
  readonly name: string;
  readonly source: Source;
  readonly builder: Builder;
  /** Flat input blocks: x of all upper variables, y of all lower ones, in order of declaration. */
  readonly x: InputBlock;
  readonly y: InputBlock;
  readonly upper: LevelModel;
  readonly lowers: readonly LevelModel[];
  /** True where f = -g by construction (`minimax`). */
  readonly minimax: boolean;
  /** True where no follower's objective or constraints depend on another follower's variables. */
  readonly independentFollowers: boolean;
  /** Sum of the followers' objectives: the lower objective g of a problem with independent followers. */
  readonly lowerObjective: Node;
  readonly samples: readonly SampleMark[];
  readonly functions: readonly ScalarFunction[];
  readonly solve: SolveSettings;
  readonly expect: readonly ExpectationModel[];
  readonly warnings: readonly Diagnostic[];
}
