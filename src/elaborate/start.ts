/** Starting points: as written, else 0, projected on the domain. */
import type { Shape } from "../expr/node.js";
import { sameShape, sizeOf } from "../expr/node.js";
import type { Domain } from "../model/problem.js";
import { projectBallInto, projectBoxInto, projectSimplexInto } from "../num/project.js";
import type { Expression } from "../syntax/tree.js";
import { type Context, shapeWords } from "./context.js";
import { known } from "./known.js";
import type { Scope } from "./scope.js";

/** The nearest point of the domain, in place. */
export function projectInto(v: Float64Array, domain: Domain): void {
  switch (domain.kind) {
    case "free":
      return;
    case "box":
      projectBoxInto(v, domain.lower, domain.upper, 0, v.length);
      return;
    case "ball":
      projectBallInto(v, domain.center, domain.radius, 0, v.length);
      return;
    case "simplex":
      projectSimplexInto(v, domain.total, 0, v.length, new Float64Array(v.length));
      return;
  }
}

export function domainWords(domain: Domain): string {
  switch (domain.kind) {
    case "free":
      return "of all numbers";
    case "box": {
      const one = (v: Float64Array): number | undefined => (v.every((x) => x === v[0]) ? v[0] : undefined);
      const [lower, upper] = [one(domain.lower), one(domain.upper)];
      return lower === undefined || upper === undefined ? "(its bounds)" : `[${bound(lower)}, ${bound(upper)}]`;
    }
    case "ball":
      return `(a ball of radius ${domain.radius})`;
    case "simplex":
      return `(a simplex of total ${domain.total})`;
  }
}

const bound = (v: number): string => (Number.isFinite(v) ? `${v}` : v > 0 ? "inf" : "-inf");

export function startOf(
  c: Context,
  init: Expression | undefined,
  target: { readonly name: string; readonly shape: Shape },
  domain: Domain,
  scope: Scope,
): Float64Array | undefined {
  const size = sizeOf(target.shape);
  const start = new Float64Array(size);
  if (init) {
    const what = `the starting value of \`${target.name}\``;
    const found = known(c, init, scope, { code: "BLO0602", what });
    if (!found) return undefined;
    if (found.shape.length > 0 && !sameShape(found.shape, target.shape)) {
      const parameters = { what, expected: shapeWords(target.shape), found: shapeWords(found.shape) };
      return c.report("BLO0409", parameters, { span: init.span });
    }
    if (!found.values.every(Number.isFinite)) {
      return c.report("BLO0601", { problem: `${what} is not finite` }, { span: init.span });
    }
    for (let k = 0; k < size; k++) start[k] = found.values[found.shape.length === 0 ? 0 : k];
  }
  const written = start.slice();
  projectInto(start, domain);
  const moved = start.some((v, k) => Math.abs(v - written[k]) > 1e-12 * (1 + Math.abs(v)));
  if (init && moved) {
    c.report("BLO0611", { name: target.name, domain: domainWords(domain) }, { span: init.span });
    return start;
  }
  return init ? written : start;
}
