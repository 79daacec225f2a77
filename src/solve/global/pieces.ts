/**
 * A small bilevel problem as programs in u = (x, y), one for each active set of the lower level, whose feasible points together hold all
 * bilevel feasible points: the constraints of both levels, the first- and second-order conditions of the lower one (activeSets.ts)
 * and, where it need not be convex, cuts  g(x, y) <= g(x, y_k)  by points y_k that keep the lower constraints at every x (Mitsos,
 * Lemonidis and Barton, J. Global Optim. 42, 2008). Where the lower level is convex the conditions are also enough.
 */
import { type Box, domainBox } from "../../constants/bounds.js";
import { gradient, hessian, jacobianRows, substitute } from "../../diff/index.js";
import { degreeIn } from "../../expr/degree.js";
import type { InputBlock, Node } from "../../expr/node.js";
import { inputsOf } from "../../expr/walk.js";
import { IntervalLevel, type LevelGraph } from "../../interval/level.js";
import type { Problem } from "../../model/problem.js";
import { evaluate } from "../../ops/evaluate.js";
import { domainBoxes, rangesOver } from "../../presolve/ranges.js";
import { feasibleSet } from "../../reform/levels.js";
import { type ActiveSet, activeSets } from "./activeSets.js";

type Vector = Float64Array;

/** Most active sets, and most inequalities of the lower level. */
const SETS = 40;
const ROWS = 12;
/** What rounding may leave of conditions that hold exactly, times 1 + |g_y| or 1 + |g|. */
const ROUNDING = 1e-9;

export interface Pieces {
  readonly domain: Box;
  readonly count: number;
  /** The k-th program. */
  piece(k: number): IntervalLevel;
  /** From now on with a cut by y; false where y may break a lower constraint at some x. */
  cut(y: Vector): boolean;
}

interface Parts {
  readonly u: InputBlock;
  readonly objective: Node;
  readonly value: Node;
  readonly slope: Node;
  /** [m, m]; undefined where the lower level is convex. */
  readonly bend: Node | undefined;
  readonly upper: LevelGraph["constraints"];
  /** Inequalities s >= 0, and those that the box of the domains implies. */
  readonly slacks: Node | undefined;
  readonly implied: readonly boolean[];
  readonly residuals: Node | undefined;
  readonly sets: readonly ActiveSet[];
}

/** Undefined where the lower constraints are not affine in y with fixed coefficients, or too many. `scale`: about |g_y|. */
export function piecesOf(problem: Problem, convex: boolean, scale: number): Pieces | undefined {
  const parts = partsOf(problem, convex);
  return parts && new BilevelPieces(problem, parts, scale);
}

function partsOf(problem: Problem, convex: boolean): Parts | undefined {
  const { builder: b, x, y, upper, lowers, lowerObjective: g } = problem;
  const sets = lowers.map((level) => feasibleSet(problem, level, y));
  const flat = (nodes: readonly Node[]): Node | undefined => (nodes.length === 0 ? undefined : b.concat([...nodes], 0));
  const slackParts = sets.flatMap((s) => s.slacks);
  const slacks = flat(slackParts.map((s) => s.body));
  const residuals = flat(sets.flatMap((s) => s.residuals.map((r) => r.body)));
  const rowsOf = (node: Node | undefined, sign: number): Vector[] | undefined => {
    if (node === undefined) return [];
    if (degreeIn(node, y) > 1) return undefined;
    const J = jacobianRows(b, node, y);
    if (inputsOf([J]).length > 0) return undefined;
    const [values] = evaluate([J]);
    return Array.from({ length: node.shape[0] }, (_, i) =>
      Float64Array.from(values.subarray(i * y.size, (i + 1) * y.size), (v) => sign * v),
    );
  };
  const A = rowsOf(slacks, -1);
  const E = rowsOf(residuals, 1);
  if (A === undefined || E === undefined || A.length > ROWS || E.length > y.size) return undefined;
  const active = activeSets(E, A, y.size, SETS);
  if (active === undefined) return undefined;

  const u: InputBlock = { name: "u", size: x.size + y.size };
  const part = (first: number, size: number): Node => b.take(b.input(u), 0, b.graph.range(first, size));
  const at = new Map([
    [x, part(0, x.size)],
    [y, part(x.size, y.size)],
  ]);
  const moved = (node: Node): Node => substitute(b, [node], at)[0];
  return {
    u,
    objective: moved(upper.objective),
    value: moved(g),
    slope: moved(gradient(b, g, [y])[0]),
    bend: convex ? undefined : moved(hessian(b, g, y)),
    upper: upper.constraints.map(({ kind, body }) => ({ kind, body: moved(body) })),
    slacks: slacks && moved(slacks),
    implied: slackParts.flatMap((s) => new Array<boolean>(s.body.shape[0]).fill(s.bound)),
    residuals: residuals && moved(residuals),
    sets: active,
  };
}

class BilevelPieces implements Pieces {
  readonly domain: Box;
  readonly count: number;
  private readonly problem: Problem;
  private readonly parts: Parts;
  private readonly scale: number;
  private readonly cuts: LevelGraph["constraints"][number][] = [];

  constructor(problem: Problem, parts: Parts, scale: number) {
    this.problem = problem;
    this.parts = parts;
    this.scale = scale;
    this.domain = domainBox(problem);
    this.count = parts.sets.length;
  }

  piece(k: number): IntervalLevel {
    const { u, objective, upper, residuals } = this.parts;
    const { builder } = this.problem;
    const rest = residuals === undefined ? [] : [{ kind: "eq" as const, body: residuals }];
    const constraints = [...upper, ...rest, ...this.conditions(this.parts.sets[k]), ...this.cuts];
    const level = new IntervalLevel({ builder, y: u, objective, constraints });
    level.prepare([]);
    return level;
  }

  /** Of solutions with these rows active. */
  private conditions({ rows, directions, exact, multipliers }: ActiveSet): LevelGraph["constraints"] {
    const { builder: b } = this.problem;
    const { slope, slacks, implied, bend } = this.parts;
    const rounding = b.constant(ROUNDING * (1 + this.scale));
    const fixed = (v: Vector): Node => b.tensor({ shape: [v.length], values: v });
    const one = (node: Node): Node => b.reshape(node, [1]);
    const found: LevelGraph["constraints"][number][] = [];
    const add = (kind: "le" | "eq", body: Node): void => void found.push({ kind, body: one(body) });
    if (slacks !== undefined) {
      implied.forEach((bound, r) => {
        const slack = b.take(slacks, 0, b.graph.range(r, 1));
        if (rows.includes(r)) add("eq", slack);
        else if (!bound) add("le", b.neg(slack));
      });
    }
    for (const n of directions) {
      const along = b.dot(slope, fixed(n));
      if (exact) add("eq", along);
      else {
        add("le", b.sub(along, rounding));
        add("le", b.sub(b.neg(along), rounding));
      }
      if (bend !== undefined) add("le", b.neg(b.dot(fixed(n), b.matvec(bend, fixed(n)))));
    }
    for (const weights of multipliers) add("le", b.sub(b.dot(slope, fixed(weights)), rounding));
    return found;
  }

  cut(point: Vector): boolean {
    const { problem, parts } = this;
    const { builder: b, x, y, lowers, lowerObjective: g } = problem;
    const at = new Map([[y, b.tensor({ shape: [y.size], values: point })]]);
    for (const { slacks, residuals } of lowers.map((level) => feasibleSet(problem, level, y))) {
      if (residuals.length > 0) return false;
      const bodies = substitute(
        b,
        slacks.map((s) => s.body),
        at,
      );
      for (const { lo, flags } of rangesOver(bodies, domainBoxes(problem)))
        if (!lo.every((v) => v >= 0) || flags.some((f) => f !== 0)) return false;
    }
    const [here] = substitute(
      b,
      substitute(b, [g], at),
      new Map([[x, b.take(b.input(parts.u), 0, b.graph.range(0, x.size))]]),
    );
    this.cuts.push({ kind: "le", body: b.reshape(b.sub(parts.value, here), [1]) });
    return true;
  }
}
