/**
 * What a place of the source can see. The names of the file stand in symbol tables; indices and function parameters are
 * locals, bound to values over comprehension axes. A scope is never changed: binding a name makes a new one.
 */
import type { Span } from "../base/span.js";
import type { Node } from "../expr/node.js";
import type { Builder } from "../ops/build.js";
import type { Value } from "../ops/value.js";
import { type Axis, type Rebase, rebase } from "./axis.js";
import type { DataReference } from "./columns.js";
import type { DeclaredSymbol } from "./symbols.js";

/** An index of a comprehension: the number it is at each position of its axis. */
export interface IndexLocal {
  readonly kind: "index";
  readonly name: string;
  readonly span: Span;
  readonly axis: Axis;
  readonly values: Float64Array;
  /** Number of axis changes that had happened when it was bound. */
  readonly depth: number;
  /** Its node, once asked for (two tensors are equal only if they are the same). */
  node?: Node;
  used: boolean;
}

/** A parameter of a user function: undefined where the argument was erroneous. */
export interface ParameterLocal {
  readonly kind: "parameter";
  readonly name: string;
  readonly span: Span;
  readonly value: Value | DataReference | undefined;
  readonly depth: number;
}

export type Local = IndexLocal | ParameterLocal;

/** A static condition under which this place is evaluated: positions where it is 0 never matter. */
export interface Guard {
  readonly value: Value;
  readonly depth: number;
}

export interface Scope {
  /** Innermost first: the level's own `let`s, then the file's names. */
  readonly tables: readonly ReadonlyMap<string, DeclaredSymbol>[];
  readonly locals: ReadonlyMap<string, Local>;
  readonly rebases: readonly Rebase[];
  readonly guards: readonly Guard[];
}

export function rootScope(...tables: readonly ReadonlyMap<string, DeclaredSymbol>[]): Scope {
  return { tables, locals: new Map(), rebases: [], guards: [] };
}

/** The declared symbol of a name. */
export function lookup(scope: Scope, name: string): DeclaredSymbol | undefined {
  for (const table of scope.tables) {
    const symbol = table.get(name);
    if (symbol) return symbol;
  }
  return undefined;
}

export function withLocal(scope: Scope, local: Local): Scope {
  return { ...scope, locals: new Map(scope.locals).set(local.name, local) };
}

export function withRebase(scope: Scope, change: Rebase): Scope {
  return { ...scope, rebases: [...scope.rebases, change] };
}

export function withGuard(scope: Scope, value: Value): Scope {
  return { ...scope, guards: [...scope.guards, { value, depth: scope.rebases.length }] };
}

/** The scope of a function's body: the file's names and the parameters; conditions of the call stay in force. */
export function calleeScope(
  b: Builder,
  caller: Scope,
  tables: Scope["tables"],
  locals: ReadonlyMap<string, Local>,
): Scope {
  return { tables, locals, rebases: [], guards: activeGuards(b, caller).map((value) => ({ value, depth: 0 })) };
}

/** A value bound at some depth in the terms of the axes as they are now. */
export function current(b: Builder, scope: Scope, value: Value, depth: number): Value {
  return scope.rebases.slice(depth).reduce((v, change) => rebase(b, v, change), value);
}

export function activeGuards(b: Builder, scope: Scope): Value[] {
  return scope.guards.map((g) => current(b, scope, g.value, g.depth));
}

/** The index over its axis as it is now, and the number it is at each position. */
export function indexNow(scope: Scope, local: IndexLocal): { readonly axis: Axis; readonly values: Float64Array } {
  let { axis, values } = local;
  for (const change of scope.rebases.slice(local.depth)) {
    const j = change.from.findIndex((a) => a.id === axis.id);
    if (j < 0) continue;
    const positions = change.positions[j];
    const before = values;
    values = Float64Array.from(positions, (p) => before[p]);
    axis = change.to;
  }
  return { axis, values };
}
