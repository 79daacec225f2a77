/**
 * `dual(cap)`: the multiplier of a lower constraint as a value of the upper level. A constraint whose multiplier is used is
 * handed to a player of its own, the price of the constraint, and its follower pays that price:
 *
 *     follower   min g + zᵀ h over y, its other constraints kept        price of `h <= 0`   max zᵀ h over z >= 0
 *                                                                       price of `h == 0`   max vᵀ h over v
 *
 * The equilibria of this game are the follower's solutions with their multipliers where it is convex in its variables and a
 * constraint qualification holds (Arrow and Debreu, Econometrica 22, 1954). Prices are lower variables like others: methods
 * that treat games find them, and certificates check them.
 */
import { closest } from "../base/suggest.js";
import { substitute } from "../diff/substitute.js";
import type { InputBlock } from "../expr/node.js";
import type { Constraint, ExpectationModel, LevelModel, Problem, Variable } from "../model/problem.js";
import type { Builder } from "../ops/build.js";
import { plain, type Value } from "../ops/value.js";
import type { CallExpression } from "../syntax/tree.js";
import type { Context } from "./context.js";

/** A lower constraint that multipliers can be asked of. */
export interface PricedConstraint {
  readonly follower: number;
  readonly level: string;
  readonly constraint: Constraint;
}

/** A constraint whose multiplier was asked for, and the block that stands for it until prices have their place in y. */
export interface DualUse extends PricedConstraint {
  readonly input: InputBlock;
}

export function dualCall(c: Context, e: CallExpression): Value | undefined {
  const { priced } = c;
  const [argument] = e.arguments;
  if (priced === undefined || c.level !== "upper") return c.report("BLO0331", {}, { span: e.span });
  const text = argument === undefined ? "" : c.text(argument).replace(/\s+/g, "");
  const nameOf = ({ constraint: { name }, level }: PricedConstraint): string[] => [name, `${level}.${name}`];
  const found = priced.filter((p) => nameOf(p).includes(text));
  if (e.arguments.length !== 1 || found.length === 0) {
    const known = priced.flatMap(nameOf);
    const suggestion = closest(text, known);
    return c.report("BLO0330", { name: text, suggestion }, { span: argument?.span ?? e.span });
  }
  if (found.length > 1) {
    const related = found.map(({ constraint: { span } }) => ({ span, message: "one of them" }));
    return c.report("BLO0332", { name: text }, { span: e.span, related });
  }
  const [{ constraint, level }] = found;
  // the same name in results as in the source, unambiguous among followers
  const several = new Set(priced.map((p) => p.follower)).size > 1;
  const name = several ? `dual(${level}.${constraint.name})` : `dual(${constraint.name})`;
  const use = c.duals.get(constraint) ?? { ...found[0], input: { name, size: constraint.rows } };
  c.duals.set(constraint, use);
  const node = c.b.input(use.input);
  return plain(c.b.at(e.span, () => (constraint.rows === 1 ? c.b.reshape(node, []) : node)));
}

/** The problem with a player for every price that is used, whose variables stand after those of y. */
export function withPrices(draft: Problem, uses: readonly DualUse[]): Problem {
  if (uses.length === 0) return draft;
  const { builder: b, y: before } = draft;
  const y: InputBlock = { name: before.name, size: before.size + uses.reduce((sum, u) => sum + u.input.size, 0) };
  const part = (offset: number, size: number) => b.take(b.input(y), 0, b.graph.range(offset, size));
  const by = new Map([[before, part(0, before.size)]]);
  const players: LevelModel[] = [];
  const owners = draft.lowers.map((level) => ({ ...level }));
  let offset = before.size;
  for (const { input, constraint, follower } of uses) {
    by.set(input, part(offset, input.size));
    const owner = owners[follower];
    const cost = b.at(constraint.span, () => b.dot(b.input(input), constraint.body));
    owners[follower] = {
      ...owner,
      objective: b.add(owner.objective, cost),
      constraints: owner.constraints.filter((k) => k !== constraint),
    };
    const level = draft.lowers.length + players.length;
    players.push(player(b, constraint, input, cost, level, follower, offset));
    offset += input.size;
  }
  const moved = ([...levels]: readonly LevelModel[]): LevelModel[] =>
    levels.map((level) => {
      const rows = [...level.constraints, ...(level.priceOf ? [level.priceOf.constraint] : [])];
      const [objective, ...bodies] = substitute(b, [level.objective, ...rows.map((k) => k.body)], by);
      const moving = rows.map((k, i) => ({ ...k, body: bodies[i] }));
      const constraints = moving.slice(0, level.constraints.length);
      if (level.priceOf === undefined) return { ...level, objective, constraints };
      return { ...level, objective, constraints, priceOf: { ...level.priceOf, constraint: moving[moving.length - 1] } };
    });
  const [upper, ...lowers] = moved([draft.upper, ...owners, ...players]);
  const expect = draft.expect.map((e): ExpectationModel => {
    if (e.kind !== "value" || "objective" in e.target) return e;
    return { ...e, target: substitute(b, [e.target], by)[0] };
  });
  return { ...draft, y, upper, lowers, expect, lowerObjective: b.addAll(lowers.map((l) => l.objective)) };
}

function player(
  b: Builder,
  constraint: Constraint,
  input: InputBlock,
  cost: LevelModel["objective"],
  follower: number,
  owner: number,
  offset: number,
): LevelModel {
  const { name, kind, rows, span } = constraint;
  const variable: Variable = {
    name: input.name,
    level: "lower",
    follower,
    shape: rows === 1 ? [] : [rows],
    offset,
    size: rows,
    domain:
      kind === "eq"
        ? { kind: "free" }
        : { kind: "box", lower: new Float64Array(rows), upper: new Float64Array(rows).fill(Number.POSITIVE_INFINITY) },
    init: new Float64Array(rows),
    span,
  };
  const objective = b.at(span, () => b.neg(cost));
  return {
    name: `price of ${name}`,
    variables: [variable],
    objective,
    sense: "maximize",
    constraints: [],
    priceOf: { owner, constraint },
    span,
  };
}
