/**
 * The lower level replaced by its first-order conditions (Karush, Kuhn and Tucker), follower by follower:
 *
 *   L_i = g_i - z_iᵀ s_i + v_iᵀ e_i,    d L_i / d y_i = 0,    s >= 0,  e = 0,  z >= 0,  z_j s_j = 0
 *
 * s and e as in levels.ts. Followers that depend on each other are a Nash game: every follower is stationary in its own
 * variables. A point of the program is a lower solution where the followers are convex in their own variables and a
 * constraint qualification holds; otherwise it is only stationary.
 *
 * The complementarity is one of
 *   scholtes     z_j s_j <= t                              (Scholtes, SIAM J. Optim. 11, 2001)
 *   fischer      z_j + s_j - sqrt(z_j² + s_j² + 2 t²) = 0  (smoothed Fischer-Burmeister: z_j s_j = t² with z_j, s_j > 0)
 *   penalty      objective + (1/t) sum z_j s_j             (exact for small t under MPEC-LICQ; Ralph and Wright 2004)
 *   duality      g_i - D_i <= t for each follower          (dualityGap.ts; linear and convex quadratic followers)
 * with t the program's one parameter.
 */
import { gradient } from "../diff/index.js";
import type { InputBlock, Node } from "../expr/node.js";
import type { Problem } from "../model/problem.js";
import { dualityGap } from "./dualityGap.js";
import { boundedBlock, feasibleSet, joined, type Part, positionsOf } from "./levels.js";
import { type Block, freeBlock, type Program, type Rows, rowsOf } from "./program.js";

/** `none`: left out, for solvers that keep it by branching. */
export type Complementarity = "scholtes" | "fischer" | "penalty" | "duality" | "none";

/** Where the multipliers of a group of slacks or residuals stand. */
export interface MultiplierGroup {
  readonly name: string;
  readonly follower: number;
  readonly kind: "slack" | "residual";
  /** Position in z (slacks) or v (residuals), and number. */
  readonly offset: number;
  readonly size: number;
  /** First of the rows of all lower constraints, in the order of the problem; undefined for domains. */
  readonly row: number | undefined;
  /** First of the program's rows that keeps the slacks (row = -s) or residuals; undefined for bounds. */
  readonly at: number | undefined;
  /** For bounds: which entries of y, and on which side. */
  readonly held: Part["held"];
}

export interface KktProgram extends Program {
  readonly x: Block;
  readonly y: Block;
  /** Multipliers of slacks (>= 0), of residuals (free). */
  readonly z: Block;
  readonly v: Block;
  readonly t: InputBlock;
  readonly groups: readonly MultiplierGroup[];
  /** s(x, y) of all followers, shape [size of z]; undefined where there are none. */
  readonly slacks: Node | undefined;
}

export function kktProgram(problem: Problem, complementarity: Complementarity): KktProgram {
  const { builder: b, lowers, upper } = problem;
  const sets = lowers.map((level) => feasibleSet(problem, level, problem.y));
  const count = (kind: "slacks" | "residuals"): number =>
    sets.reduce((sum, set) => sum + set[kind].reduce((n, p) => n + p.body.shape[0], 0), 0);
  const x = boundedBlock(problem, "upper");
  const y = boundedBlock(problem, "lower");
  const z = { ...freeBlock("z", count("slacks")) };
  z.lower.fill(0);
  const v = freeBlock("v", count("residuals"));
  const t: InputBlock = { name: "t", size: 1 };

  const rows: Rows[] = upperRows(problem);
  const groups: MultiplierGroup[] = [];
  const all: Part[] = [];
  const gaps: Node[] = [];
  let atZ = 0;
  let atV = 0;
  let constraintRows = 0;
  lowers.forEach((level, follower) => {
    const { slacks, residuals } = sets[follower];
    let lagrangian = level.objective;
    for (const [kind, parts] of [
      ["slack", slacks],
      ["residual", residuals],
    ] as const) {
      for (const part of parts) {
        const size = part.body.shape[0];
        const offset = kind === "slack" ? atZ : atV;
        const block = kind === "slack" ? z.input : v.input;
        const multipliers = b.take(b.input(block), 0, b.graph.range(offset, size));
        const term = b.dot(multipliers, part.body);
        lagrangian = kind === "slack" ? b.sub(lagrangian, term) : b.add(lagrangian, term);
        const row = part.row === undefined ? undefined : constraintRows + part.row;
        const at = part.bound ? undefined : rows.reduce((sum, r) => sum + r.body.shape[0], 0);
        groups.push({ name: part.name, follower, kind, offset, size, row, at, held: part.held });
        if (kind === "slack") atZ += size;
        else atV += size;
        if (kind === "residual") rows.push(rowsOf(part.name, "lower", "eq", part.body));
        else if (!part.bound) rows.push(rowsOf(part.name, "lower", "le", b.neg(part.body)));
      }
    }
    if (complementarity === "duality") gaps.push(b.reshape(dualityGap(problem, level, lagrangian), [1]));
    constraintRows += level.constraints.reduce((sum, c) => sum + c.rows, 0);
    const [slope] = gradient(b, lagrangian, [problem.y]);
    const own = b.take(slope, 0, b.graph.positions(positionsOf(level)));
    rows.push(rowsOf(`stationarity of ${level.name}`, "stationarity", "eq", own));
    all.push(...slacks);
  });

  const slacks = joined(b, all);
  let objective = upper.objective;
  if (slacks !== undefined && complementarity !== "none") {
    const multipliers = b.input(z.input);
    const relaxation = b.reshape(b.input(t), []);
    if (complementarity === "penalty") objective = b.add(objective, b.div(b.dot(multipliers, slacks), relaxation));
    else if (complementarity === "scholtes") {
      const product = b.sub(b.mul(multipliers, slacks), relaxation);
      rows.push(rowsOf("complementarity", "complementarity", "le", product));
    } else if (complementarity === "duality") {
      const excess = gaps.map((gap) => b.sub(gap, b.reshape(relaxation, [1])));
      rows.push(rowsOf("duality gap", "complementarity", "le", b.concat(excess, 0)));
    } else {
      const squares = b.add(b.add(b.square(multipliers), b.square(slacks)), b.mul(b.constant(2), b.square(relaxation)));
      const residual = b.sub(b.add(multipliers, slacks), b.sqrt(squares));
      rows.push(rowsOf("complementarity", "complementarity", "eq", residual));
    }
  }
  const blocks = [x, y, z, v].filter((block) => block.input.size > 0);
  return { builder: b, blocks, parameters: [t], objective, rows, x, y, z, v, t, groups, slacks };
}

/** Constraints and curved domains of the upper level. */
export function upperRows(problem: Problem): Rows[] {
  const { builder: b, upper, x } = problem;
  const { slacks, residuals } = feasibleSet(problem, upper, x);
  return [
    ...slacks.filter((p) => !p.bound).map((p) => rowsOf(p.name, "upper", "le", b.neg(p.body))),
    ...residuals.map((p) => rowsOf(p.name, "upper", "eq", p.body)),
  ];
}

/** Multipliers of the lower constraint rows, of g + zᵀ h with h <= 0 or h == 0, from a point u of the program. */
export function constraintMultipliersInto(program: KktProgram, u: Float64Array, out: Float64Array): void {
  const atZ = program.x.input.size + program.y.input.size;
  const atV = atZ + program.z.input.size;
  for (const { kind, offset, size, row } of program.groups) {
    if (row === undefined) continue;
    const from = (kind === "slack" ? atZ : atV) + offset;
    for (let i = 0; i < size; i++) out[row + i] = u[from + i];
  }
}
