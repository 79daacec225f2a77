/** Between the flat vectors of the oracle and what people name: values by variable, objectives as written, violations. */
import { type Diagnostic, diagnostic } from "../base/diagnostic.js";
import { closest } from "../base/suggest.js";
import { type Shape, sizeOf } from "../expr/node.js";
import type { NestedNumbers } from "../methods/result.js";
import type { LevelModel, Problem, Variable } from "../model/problem.js";
import { evaluate } from "../ops/evaluate.js";
import type { ConstraintOracle, DomainOracle, Oracle } from "../oracle/oracle.js";

type Vector = Float64Array;
export type NamedValues = Readonly<Record<string, NestedNumbers>>;

/** All variables of both levels, upper ones first. */
export function variablesOf(problem: Problem): readonly Variable[] {
  return [...problem.upper.variables, ...problem.lowers.flatMap((l) => l.variables)];
}

/** A number for a scalar, nested arrays (row by row) for vectors and matrices. */
export function nested(values: ArrayLike<number>, shape: Shape, offset = 0): NestedNumbers {
  if (shape.length === 0) return values[offset];
  const [length, ...rest] = shape;
  const step = sizeOf(rest);
  return Array.from({ length }, (_, i) => nested(values, rest, offset + i * step));
}

/** x and y by variable name. */
export function valuesOf(problem: Problem, x: Vector, y: Vector): NamedValues {
  return Object.fromEntries(
    variablesOf(problem).map((v) => [v.name, nested(v.level === "upper" ? x : y, v.shape, v.offset)]),
  );
}

/** One entry per row, collected under the names of the constraints: a number for a single row, an array for several. */
export function byConstraint(names: readonly string[], rows: Vector): NamedValues | undefined {
  if (rows.length === 0) return undefined;
  const found = new Map<string, number[]>();
  names.forEach((name, r) => {
    found.set(name, [...(found.get(name) ?? []), rows[r]]);
  });
  return Object.fromEntries([...found].map(([name, list]) => [name, list.length === 1 ? list[0] : list]));
}

/**
 * The flat point with the given values; variables that are not named keep those of `base`. Names that are no variables
 * and values of another shape or not finite become diagnostics.
 */
export function pointOf(
  problem: Problem,
  values: NamedValues,
  base: { readonly x: Vector; readonly y: Vector },
): { readonly x: Vector; readonly y: Vector; readonly diagnostics: readonly Diagnostic[] } {
  const x = base.x.slice();
  const y = base.y.slice();
  const diagnostics: Diagnostic[] = [];
  const variables = variablesOf(problem);
  for (const [name, value] of Object.entries(values)) {
    const variable = variables.find((v) => v.name === name);
    if (!variable) {
      const known = variables.map((v) => v.name);
      diagnostics.push(diagnostic("BLO0906", { name, suggestion: closest(name, known), known }));
      continue;
    }
    const flat = flatten(value, variable.shape);
    if (flat) (variable.level === "upper" ? x : y).set(flat, variable.offset);
    else diagnostics.push(diagnostic("BLO0907", { name, expected: shapeWords(variable.shape) }));
  }
  return { x, y, diagnostics };
}

/** The entries row by row; undefined where the nesting is not the shape or an entry is no finite number. */
function flatten(value: unknown, shape: Shape): number[] | undefined {
  if (shape.length === 0) return typeof value === "number" && Number.isFinite(value) ? [value] : undefined;
  const [length, ...rest] = shape;
  if (!(Array.isArray(value) || ArrayBuffer.isView(value))) return undefined;
  const entries: readonly unknown[] = Array.from(value as ArrayLike<unknown>);
  if (entries.length !== length) return undefined;
  const flat: number[] = [];
  for (const entry of entries) {
    const part = flatten(entry, rest);
    if (!part) return undefined;
    flat.push(...part);
  }
  return flat;
}

function shapeWords(shape: Shape): string {
  if (shape.length === 0) return "a finite number";
  return shape.length === 1 ? `${shape[0]} finite numbers` : `${shape.join(" x ")} finite numbers, nested row by row`;
}

/** Objectives at a point in the sense the source wrote: the upper one, and one for each follower. */
export function objectivesOf(
  problem: Problem,
  x: Vector,
  y: Vector,
): { readonly upper: number; readonly lowers: readonly number[] } {
  const levels: readonly LevelModel[] = [problem.upper, ...problem.lowers];
  const values = evaluate(
    levels.map((l) => l.objective),
    new Map([
      [problem.x, x],
      [problem.y, y],
    ]),
  );
  const [upper, ...lowers] = levels.map((l, i) => asWritten(l, values[i][0]));
  return { upper, lowers };
}

function asWritten(level: LevelModel, minimised: number): number {
  // 0 - v, so that a zero objective stays 0 and does not become -0.
  return level.sense === "maximize" ? 0 - minimised : minimised;
}

/** Largest violation of a level's domain and constraints at a point, in the problem's own units; 0 where it is kept. */
export function violationOf(oracle: Oracle, name: "upper" | "lower", x: Vector, y: Vector): number {
  const [domain, at] = name === "upper" ? [oracle.domainX, x] : [oracle.domainY, y];
  return Math.max(domainViolation(domain, at), constraintViolation(oracle[name].constraints, x, y));
}

function domainViolation(domain: DomainOracle, at: Vector): number {
  if (domain.free) return 0;
  const nearest = at.slice();
  domain.project(nearest);
  return at.reduce((top, v, i) => Math.max(top, Math.abs(v - nearest[i])), 0);
}

function constraintViolation(constraints: ConstraintOracle, x: Vector, y: Vector): number {
  const rows = new Float64Array(constraints.rows);
  constraints.value(x, y, rows);
  return rows.reduce((top, v, i) => Math.max(top, constraints.equality[i] ? Math.abs(v) : v), 0);
}
