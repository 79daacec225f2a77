/**
 * The feasible set of a level as slacks and residuals: constraints as written, and the domains of its variables.
 *
 *   s(x, y) >= 0   from   body <= 0: s = -body;   bounds: v - l, u - v;   balls: r² - |v - c|²;   simplices: v
 *   e(x, y) == 0   from   body == 0;   simplices: sum(v) - total
 */
import type { InputBlock, Node } from "../expr/node.js";
import type { LevelModel, Problem, Variable } from "../model/problem.js";
import type { Builder } from "../ops/build.js";
import { type Block, freeBlock } from "./program.js";
import { type HeldBounds, rowBounds } from "./rowBounds.js";

/** A group of slacks or residuals. `bound`: implied by the variable's bounds in a program, which then needs no row. */
export interface Part {
  readonly name: string;
  /** Shape [k]. */
  readonly body: Node;
  readonly bound: boolean;
  /** First of the level's constraint rows; undefined for domains. */
  readonly row?: number;
  /** For bounds: which variables of the block, where, and on which side. */
  readonly held?: HeldBounds;
}

export interface FeasibleSet {
  readonly slacks: readonly Part[];
  readonly residuals: readonly Part[];
}

/** The feasible set of a level, with variables in `block`. */
export function feasibleSet(problem: Problem, level: LevelModel, block: InputBlock): FeasibleSet {
  const { builder: b } = problem;
  const bounds = rowBounds(problem);
  const slacks: Part[] = [];
  const residuals: Part[] = [];
  let row = 0;
  for (const constraint of level.constraints) {
    const { name, kind, body, rows } = constraint;
    const flat = b.reshape(body, [rows]);
    const held = bounds.get(constraint);
    if (kind === "eq") residuals.push({ name, body: flat, bound: false, row });
    else if (held !== undefined) slacks.push({ name, body: b.neg(flat), bound: true, row, held });
    else slacks.push({ name, body: b.neg(flat), bound: false, row });
    row += rows;
  }
  for (const variable of level.variables) addDomain(b, variable, block, slacks, residuals);
  return { slacks, residuals };
}

function addDomain(b: Builder, variable: Variable, block: InputBlock, slacks: Part[], residuals: Part[]): void {
  const { domain, name, offset, size } = variable;
  const entries = (at: ArrayLike<number>): Node => b.take(b.input(block), 0, b.graph.positions(at));
  const all = Int32Array.from({ length: size }, (_, i) => offset + i);
  const vector = (values: ArrayLike<number>): Node =>
    b.tensor({ shape: [values.length], values: Float64Array.from(values) });
  switch (domain.kind) {
    case "free":
      return;
    case "box":
      for (const [side, bounds] of [
        ["lower bound", domain.lower],
        ["upper bound", domain.upper],
      ] as const) {
        const finite = [...all.keys()].filter((i) => Number.isFinite(bounds[i]));
        if (finite.length === 0) continue;
        const positions = Int32Array.from(finite, (i) => offset + i);
        const at = entries(positions);
        const value = Float64Array.from(finite, (i) => bounds[i]);
        const limit = vector(value);
        const [body, which] =
          side === "lower bound" ? ([b.sub(at, limit), "lower"] as const) : ([b.sub(limit, at), "upper"] as const);
        const slope = new Float64Array(finite.length).fill(which === "lower" ? -1 : 1);
        const held = { at: positions, value, side: finite.map(() => which), slope };
        slacks.push({ name: `${side} of ${name}`, body, bound: true, held });
      }
      return;
    case "ball": {
      const from = b.sub(entries(all), vector(domain.center));
      const body = b.sub(b.constant(domain.radius ** 2), b.dot(from, from));
      slacks.push({ name: `domain of ${name}`, body: b.reshape(body, [1]), bound: false });
      return;
    }
    case "simplex": {
      slacks.push({
        name: `lower bound of ${name}`,
        body: entries(all),
        bound: true,
        held: {
          at: all,
          value: new Float64Array(size),
          side: Array.from(all, () => "lower" as const),
          slope: new Float64Array(size).fill(-1),
        },
      });
      const total = b.sub(b.sum(entries(all)), b.constant(domain.total));
      residuals.push({ name: `domain of ${name}`, body: b.reshape(total, [1]), bound: false });
      return;
    }
  }
}

/** The variables of the upper or of all lower levels as a block with the bounds that domains and constraints give. */
export function boundedBlock(problem: Problem, which: "upper" | "lower"): Block {
  const levels = which === "upper" ? [problem.upper] : problem.lowers;
  const input = which === "upper" ? problem.x : problem.y;
  const block = { ...freeBlock(input.name, input.size), input };
  for (const { domain, offset, size } of levels.flatMap((level) => level.variables)) {
    if (domain.kind === "simplex") block.lower.fill(0, offset, offset + size);
    else if (domain.kind === "box") {
      block.lower.set(domain.lower, offset);
      block.upper.set(domain.upper, offset);
    }
  }
  const bounds = rowBounds(problem);
  for (const constraint of levels.flatMap((level) => level.constraints)) {
    const held = bounds.get(constraint);
    held?.at.forEach((j, i) => {
      if (held.side[i] === "lower") block.lower[j] = Math.max(block.lower[j], held.value[i]);
      else block.upper[j] = Math.min(block.upper[j], held.value[i]);
    });
  }
  return block;
}

/** One node of shape [k] from all parts; undefined where there are none. */
export function joined(b: Builder, parts: readonly Part[]): Node | undefined {
  if (parts.length === 0) return undefined;
  return parts.length === 1
    ? parts[0].body
    : b.concat(
        parts.map((p) => p.body),
        0,
      );
}

/** Positions in y of a follower's variables. */
export function positionsOf(level: LevelModel): Int32Array {
  return Int32Array.from(
    level.variables.flatMap(({ offset, size }) => Array.from({ length: size }, (_, i) => offset + i)),
  );
}
