/**
 * What all parts of elaboration share: the builder, what was found, static values, axes, and the door back to the
 * elaboration of expressions (a field, so that the parts need not import each other in circles).
 */
import type { Code, Parameters } from "../base/catalogue/index.js";
import type { DiagnosticOptions } from "../base/diagnostic.js";
import type { Source } from "../base/source.js";
import type { Span } from "../base/span.js";
import type { Shape } from "../expr/node.js";
import type { Constraint, SampleMark } from "../model/problem.js";
import type { Builder } from "../ops/build.js";
import { ownShape, type Value } from "../ops/value.js";
import type { Expression } from "../syntax/tree.js";
import type { Absorbed, Axis } from "./axis.js";
import type { DataReference } from "./columns.js";
import type { DataSet } from "./dataset.js";
import type { DualUse, PricedConstraint } from "./duals.js";
import type { Findings } from "./findings.js";
import type { ParameterValue } from "./overrides.js";
import type { Scope } from "./scope.js";
import { type Statics, type StaticValue, staticOf } from "./statics.js";
import type { DeclaredSymbol, Symbols, VariableSymbol } from "./symbols.js";

/** What a declared symbol stands for; undefined: erroneous, and reported. */
export type Meaning =
  | { readonly kind: "value"; readonly value: Value }
  | { readonly kind: "set"; readonly values: Float64Array }
  | DataReference;

/** Parts that all others call. */
export interface Doors {
  readonly value: (c: Context, e: Expression, scope: Scope) => Value | undefined;
  readonly meaning: (c: Context, symbol: DeclaredSymbol, span: Span) => Meaning | undefined;
}

/** Bounds on what a file of moderate length can unfold to; deeper ones would exhaust the stack, more calls the memory. */
const deepest = 600;
export const mostExpansions = 100_000;

export class Context {
  readonly axes = new Map<number, Axis>();
  readonly meanings = new Map<DeclaredSymbol, Meaning | undefined>();
  /** The same of `let`s with sampled sums in them: each level draws its own samples. */
  readonly sampledMeanings = {
    upper: new Map<DeclaredSymbol, Meaning>(),
    lower: new Map<DeclaredSymbol, Meaning>(),
  };
  /** Symbols whose meaning is being found out, in order. */
  readonly resolving: DeclaredSymbol[] = [];
  readonly used = new Set<DeclaredSymbol>();
  /** Rows `A[i, :]`: they multiply from the left like rows and are vectors everywhere else. */
  readonly slicedRows = new WeakSet<Value>();
  readonly samples: SampleMark[] = [];
  /** Number of sampled sums around the expression at hand. */
  sampling = 0;
  /** The level whose objective or constraint is being elaborated, for sample marks. */
  level: "upper" | "lower" = "upper";
  /** Values of variables: of stand-ins while sizes are found out, of the levels' blocks once these are `placed`. */
  variable: (symbol: VariableSymbol) => Value | undefined = () => undefined;
  placed = false;
  /** Lower constraints whose multipliers the upper level may ask for; undefined before it is elaborated. */
  priced: readonly PricedConstraint[] | undefined;
  readonly duals = new Map<Constraint, DualUse>();
  private nextAxis = 0;
  /** Expressions inside which the one at hand stands, through declarations and calls. */
  private depth = 0;
  private exhausted = false;
  /** Calls of user functions that have been expanded. */
  expansions = 0;

  constructor(
    readonly b: Builder,
    readonly source: Source,
    readonly symbols: Symbols,
    readonly findings: Findings,
    readonly statics: Statics,
    readonly given: ReadonlyMap<string, ParameterValue>,
    readonly data: ReadonlyMap<string, DataSet>,
    private readonly doors: Doors,
  ) {}

  /** Elaborates an expression; undefined where it is erroneous, which has been reported. */
  value(e: Expression, scope: Scope): Value | undefined {
    if (this.depth >= deepest) return this.unfoldsTooFar("levels of expressions", deepest, e.span);
    this.depth++;
    const value = this.doors.value(this, e, scope);
    this.depth--;
    return value;
  }

  /** Said once, at the outermost call; all that follows from it stays silent. */
  unfoldsTooFar(what: string, most: number, span: Span): undefined {
    if (this.exhausted) return undefined;
    this.exhausted = true;
    return this.findings.atOutermost(span, (at) => this.report("BLO0218", { what, most }, { span: at }));
  }

  /** What a declared name stands for; `span`: the use that asks. */
  meaning(symbol: DeclaredSymbol, span: Span): Meaning | undefined {
    return this.doors.meaning(this, symbol, span);
  }

  report<C extends Code>(code: C, parameters: Parameters<C>, options: DiagnosticOptions = {}): undefined {
    return this.findings.report(code, parameters, options);
  }

  newAxis(size: number, outer: readonly Absorbed[] = [], sample?: number): Axis {
    const axis: Axis = { id: this.nextAxis++, size, outer, ...(sample === undefined ? {} : { sample }) };
    this.axes.set(axis.id, axis);
    return axis;
  }

  axis(id: number): Axis {
    return this.axes.get(id)!;
  }

  text(of: { readonly span: Span }): string {
    return this.source.slice(of.span);
  }

  staticOf(value: Value): StaticValue {
    return staticOf(this.statics, value);
  }
}

/** "a scalar", "a vector of 3", "a 2 x 3 matrix", "a 2 x 3 x 4 array". */
export function shapeWords(shape: Shape): string {
  if (shape.length === 0) return "a scalar";
  if (shape.length === 1) return `a vector of ${shape[0]}`;
  return `a ${shape.join(" x ")} ${shape.length === 2 ? "matrix" : "array"}`;
}

export function valueWords(value: Value): string {
  return value.row ? `a row of ${ownShape(value)[0]}` : shapeWords(ownShape(value));
}
