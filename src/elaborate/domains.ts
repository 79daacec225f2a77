/** Domains of variables: clauses to one set that methods can project on. */
import type { Span } from "../base/span.js";
import { closest } from "../base/suggest.js";
import { type Shape, sameShape, sizeOf } from "../expr/node.js";
import type { Domain } from "../model/problem.js";
import type { DomainClause, Expression, NamedDomain } from "../syntax/tree.js";
import { type Context, shapeWords } from "./context.js";
import { known } from "./known.js";
import type { Scope } from "./scope.js";
import { unravel } from "./statics.js";

interface Target {
  readonly name: string;
  readonly shape: Shape;
}
type Box = Extract<Domain, { kind: "box" }>;

const named = ["box", "ball", "simplex", "integer", "binary"];

export function domainOf(
  c: Context,
  clauses: readonly DomainClause[],
  target: Target,
  scope: Scope,
): Domain | undefined {
  let result: Domain = { kind: "free" };
  let sound = true;
  clauses.forEach((clause, k) => {
    const domain = clauseDomain(c, clause, target, scope);
    if (!domain) {
      sound = false;
      return;
    }
    if (result.kind === "free") {
      result = domain;
    } else if (result.kind === "box" && domain.kind === "box") {
      result = { kind: "box", lower: larger(result.lower, domain.lower), upper: smaller(result.upper, domain.upper) };
    } else {
      sound = false;
      const parameters = { first: c.text(clauses[0]), second: c.text(clause) };
      const related = [{ span: clauses[0].span, message: "the first" }];
      c.report("BLO0609", parameters, { span: clauses[k].span, related });
    }
  });
  if (!sound) return undefined;
  const box = result as Domain;
  if (box.kind === "box") {
    const span = { start: clauses[0].span.start, end: clauses[clauses.length - 1].span.end };
    if (!checkBox(c, box, target, span)) return undefined;
    if (box.lower.every((v) => v === -Infinity) && box.upper.every((v) => v === Infinity)) return { kind: "free" };
  }
  return box;
}

const larger = (a: Float64Array, b: Float64Array): Float64Array => a.map((v, k) => Math.max(v, b[k]));
const smaller = (a: Float64Array, b: Float64Array): Float64Array => a.map((v, k) => Math.min(v, b[k]));

function clauseDomain(c: Context, clause: DomainClause, target: Target, scope: Scope): Domain | undefined {
  const size = sizeOf(target.shape);
  const open = (value: number): Float64Array => new Float64Array(size).fill(value);
  switch (clause.kind) {
    case "interval":
      return boxOf(c, clause.lower, clause.upper, target, scope);
    case "bound": {
      const bound = boundOf(c, clause.bound, target, scope);
      if (!bound) return undefined;
      return clause.operator === ">="
        ? { kind: "box", lower: bound, upper: open(Infinity) }
        : { kind: "box", lower: open(-Infinity), upper: bound };
    }
    case "named":
      return namedDomain(c, clause, target, scope);
  }
}

function namedDomain(c: Context, clause: NamedDomain, target: Target, scope: Scope): Domain | undefined {
  const { name, span } = clause.name;
  const args = clause.arguments;
  const takes = (signature: string, ...counts: number[]): boolean => {
    if (counts.includes(args.length)) return true;
    c.report("BLO0607", { name, signature, found: args.length }, { span: clause.span });
    return false;
  };
  const isVector = (): boolean => {
    if (target.shape.length === 1) return true;
    c.report("BLO0608", { domain: name, shape: shapeWords(target.shape) }, { span: clause.span });
    return false;
  };
  switch (name) {
    case "box":
      return takes("box(lo, hi)", 2) ? boxOf(c, args[0], args[1], target, scope) : undefined;
    case "ball": {
      if (!takes("ball(center, radius)", 2) || !isVector()) return undefined;
      const center = boundOf(c, args[0], target, scope);
      const radius = positive(c, args[1], "the radius of a ball", target, scope);
      if (center && !center.every(Number.isFinite)) {
        return c.report("BLO0601", { problem: "the center of a ball is finite" }, { span: args[0].span });
      }
      return center && radius !== undefined ? { kind: "ball", center, radius } : undefined;
    }
    case "simplex": {
      if (!takes("simplex` or `simplex(total)", 0, 1) || !isVector()) return undefined;
      const total = args.length === 0 ? 1 : positive(c, args[0], "the total of a simplex", target, scope);
      return total === undefined ? undefined : { kind: "simplex", total };
    }
    case "integer":
    case "binary":
      return c.report("BLO0606", { name }, { span });
    default:
      return c.report("BLO0605", { name, suggestion: closest(name, named) }, { span });
  }
}

function boxOf(c: Context, lower: Expression, upper: Expression, target: Target, scope: Scope): Box | undefined {
  const lo = boundOf(c, lower, target, scope);
  const hi = boundOf(c, upper, target, scope);
  return lo && hi ? { kind: "box", lower: lo, upper: hi } : undefined;
}

/** One entry for each of the variable's; a scalar stands for all. */
function boundOf(c: Context, e: Expression, target: Target, scope: Scope): Float64Array | undefined {
  const found = known(c, e, scope, { code: "BLO0612", name: target.name });
  if (!found) return undefined;
  const size = sizeOf(target.shape);
  if (found.shape.length === 0) return new Float64Array(size).fill(found.values[0]);
  if (sameShape(found.shape, target.shape)) return found.values.slice();
  const parameters = {
    what: `a bound of \`${target.name}\``,
    expected: shapeWords(target.shape),
    found: shapeWords(found.shape),
  };
  return c.report("BLO0409", parameters, { span: e.span });
}

function positive(c: Context, e: Expression, what: string, target: Target, scope: Scope): number | undefined {
  const found = known(c, e, scope, { code: "BLO0612", name: target.name });
  if (!found) return undefined;
  const [value] = found.values;
  if (found.shape.length > 0) {
    const parameters = { what, expected: "a scalar", found: shapeWords(found.shape) };
    return c.report("BLO0409", parameters, { span: e.span });
  }
  return value > 0 && Number.isFinite(value) ? value : c.report("BLO0610", { what, found: value }, { span: e.span });
}

function checkBox(c: Context, box: Box, target: Target, span: Span): boolean {
  for (let k = 0; k < box.lower.length; k++) {
    const [lower, upper] = [box.lower[k], box.upper[k]];
    const entry = unravel(k, target.shape).map((d) => d + 1);
    const where = entry.length === 0 ? "" : `entry ${entry.join(", ")}`;
    if (lower > upper) {
      c.report("BLO0603", { lower, upper, where }, { span });
      return false;
    }
    if (lower === Infinity || upper === -Infinity) {
      const bound = lower === Infinity ? "an infinite lower bound" : "an upper bound of minus infinity";
      c.report("BLO0604", { bound, where }, { span });
      return false;
    }
  }
  return true;
}
