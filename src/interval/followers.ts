/**
 * The lower level of a problem as interval programs, one for each follower: its objective and constraints over the block y,
 * in which the other followers' entries stay where they are. Balls and simplices become constraints in their bounding box.
 */
import type { Node } from "../expr/node.js";
import type { LevelModel, Problem, Variable } from "../model/problem.js";
import { IntervalLevel, type LevelGraph } from "./level.js";

type Vector = Float64Array;

export interface Follower {
  readonly level: IntervalLevel;
  /** Positions of its variables in y. */
  readonly entries: readonly number[];
}

const made = new WeakMap<Problem, readonly Follower[]>();

/** Made once for a problem. Several followers must not depend on each other's variables. */
export function followersOf(problem: Problem): readonly Follower[] {
  let followers = made.get(problem);
  if (!followers) {
    followers = problem.lowers.map((model) => ({
      level: new IntervalLevel(graphOf(problem, model)),
      entries: model.variables.flatMap((v) => Array.from({ length: v.size }, (_, k) => v.offset + k)),
    }));
    made.set(problem, followers);
  }
  return followers;
}

function graphOf(problem: Problem, model: LevelModel): LevelGraph {
  const { builder, y } = problem;
  const sets = model.variables.flatMap((v) => setRow(problem, v));
  return { builder, y, objective: model.objective, constraints: [...model.constraints, ...sets] };
}

/** ball: |y - center|² - radius² <= 0; simplex: sum(y) - total = 0. */
function setRow({ builder: b, y }: Problem, { domain, offset, size }: Variable): LevelGraph["constraints"] {
  if (domain.kind !== "ball" && domain.kind !== "simplex") return [];
  const own = b.take(b.input(y), 0, b.graph.range(offset, size));
  const row = (kind: "le" | "eq", body: Node) => [{ kind, body }];
  if (domain.kind === "simplex") return row("eq", b.sub(b.sum(own), b.constant(domain.total)));
  const away = b.sub(own, b.tensor({ shape: [size], values: domain.center }));
  return row("le", b.sub(b.sum(b.square(away)), b.constant(domain.radius ** 2)));
}

/** The box of a follower's entries, with those of others fixed at y. */
export function boxOf(follower: Follower, y: Vector, lower: Vector, upper: Vector): { lo: Vector; hi: Vector } {
  const lo = y.slice();
  const hi = y.slice();
  for (const j of follower.entries) {
    lo[j] = lower[j];
    hi[j] = upper[j];
  }
  return { lo, hi };
}
