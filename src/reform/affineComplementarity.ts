/**
 * Bilevel problems whose first-order conditions are affine but for the complementarity: lower levels linear or convex
 * quadratic in their own variables, with affine constraints, and upper levels linear or convex quadratic, with affine
 * constraints. Then
 *
 *     min ½ uᵀ Q u + cᵀ u   subject to   A u in limits,   s(u) >= 0, z >= 0, z_j s_j(u) = 0,   u = (x, y, z, v)
 *
 * has exactly the optimistic solutions of the bilevel problem, global ones; s are rows of A, z are variables.
 */
import type { Backend } from "../codegen/kernel.js";
import { gradient, hessian } from "../diff/index.js";
import { degreeIn } from "../expr/degree.js";
import type { QuadraticProgram, Triplets } from "../lp/quadratic.js";
import { positiveSemidefinite } from "../lp/semidefinite.js";
import type { Problem } from "../model/problem.js";
import { type CompiledProgram, compileProgram } from "./compile.js";
import { convexified } from "./convexified.js";
import type { KktProgram } from "./kkt.js";
import { positionsOf } from "./levels.js";
import { type Program, rowsOf } from "./program.js";
import type { BilevelPoint } from "./steps/bilevelPoint.js";
import { applyKkt } from "./steps/kkt.js";
import { withVanishingProducts } from "./vanishingProducts.js";

type Vector = Float64Array;

export interface AffineComplementarity {
  readonly kkt: KktProgram;
  /** The bilevel point that u stands for. */
  readonly invert: (u: Vector) => BilevelPoint;
  readonly compiled: CompiledProgram;
  readonly program: QuadraticProgram;
  /** Pair j: row of the slack s_j in A, and variable z_j. */
  readonly slackRow: Int32Array;
  readonly multiplier: Int32Array;
  /** Rows of A: lower equalities, then slacks (as -s <= 0); and the stationarity of y_1, y_2, … */
  readonly lowerRows: Int32Array;
  readonly stationarity: Int32Array;
}

/** Dense Hessians of a follower are looked at up to this size. */
const LARGEST = 600;
/** First-order conditions with more variables, multipliers among them, are not searched. */
const LARGEST_PROGRAM = 3000;

/** Why the expressions are not of this kind, for people; undefined where they are. Convexity is not looked at. */
function whyNotAffine(problem: Problem): string | undefined {
  const { builder, upper, lowers, x, y } = problem;
  if (degreeIn(upper.objective, x, y) > 2) return "the upper objective is not quadratic";
  const curved = [...upper.variables, ...lowers.flatMap((l) => l.variables)].find((v) => v.domain.kind === "ball");
  if (curved !== undefined) return `the domain of ${curved.name} is a ball`;
  for (const level of [upper, ...lowers]) {
    for (const c of level.constraints) if (degreeIn(c.body, x, y) > 1) return `the constraint ${c.name} is not affine`;
  }
  for (const level of lowers) {
    const [slope] = gradient(builder, level.objective, [y]);
    if (degreeIn(slope, x, y) > 1) return `the objective of ${level.name} is not quadratic in its variables`;
  }
  return undefined;
}

const NOT_CONVEX =
  "the upper objective is not convex in the variables of both levels together, nor made so by what vanishes at lower solutions";

const known = new WeakMap<Problem, AffineComplementarity | string>();

/** The program, or the reason why there is none with convex relaxations; made once for a problem. */
export function affineComplementarity(problem: Problem, backend: Backend): AffineComplementarity | string {
  const found = known.get(problem) ?? made(problem, backend);
  known.set(problem, found);
  return found;
}

function made(problem: Problem, backend: Backend): AffineComplementarity | string {
  const shape = whyNotAffine(problem);
  if (shape !== undefined) return shape;
  for (const level of problem.lowers) {
    const own = positionsOf(level).length;
    if (own > LARGEST && !isLinear(problem, level))
      return `the objective of ${level.name} is not linear in its ${own} variables (at most ${LARGEST})`;
  }
  const variables = problem.x.size + problem.y.size;
  if (variables > LARGEST_PROGRAM) return `it has ${variables} variables (at most ${LARGEST_PROGRAM})`;
  const { target: kkt, invert } = applyKkt(problem, "none");
  const n = kkt.blocks.reduce((sum, { input }) => sum + input.size, 0);
  if (n > LARGEST_PROGRAM) return `its first-order conditions have ${n} variables (at most ${LARGEST_PROGRAM})`;
  const { builder: b } = problem;
  const slackRows = kkt.slacks === undefined ? [] : [rowsOf("slack", "lower", "le", b.neg(kkt.slacks))];
  const program: Program = {
    ...kkt,
    rows: [...kkt.rows.filter((r) => !(r.origin === "lower" && r.lower[0] !== 0)), ...slackRows],
  };
  const compiled = compileProgram(program, backend);
  const { rows } = compiled;
  for (const [i, level] of problem.lowers.entries()) {
    if (isLinear(problem, level)) continue;
    const H = constantMatrix(problem, i, backend);
    if (!positiveSemidefinite(H)) return `the objective of ${level.name} is not convex in its own variables`;
  }

  const at = new Float64Array(n);
  const curvature = new Float64Array(compiled.hessian.rows.length);
  compiled.hessianInto(at, 1, new Float64Array(rows), curvature);
  const quadratic = curvature.some((v) => v !== 0);
  const cost = new Float64Array(n);
  compiled.gradientInto(at, cost);
  const values = new Float64Array(compiled.jacobian.rows.length);
  compiled.jacobianInto(at, values);
  const constants = new Float64Array(rows);
  compiled.constraintsInto(at, constants);
  const written: QuadraticProgram = {
    n,
    rows,
    cost,
    offset: compiled.value(at),
    hessian: quadratic ? { ...compiled.hessian, values: curvature } : undefined,
    matrix: { ...compiled.jacobian, values },
    lower: compiled.lower,
    upper: compiled.upper,
    rowLower: compiled.rowLower.map((l, i) => l - constants[i]),
    rowUpper: compiled.rowUpper.map((l, i) => l - constants[i]),
  };
  const isConvex = !quadratic || positiveSemidefinite({ ...compiled.hessian, values: curvature });
  const pairs = kkt.z.input.size;
  const starts = program.rows.map((_, k) => program.rows.slice(0, k).reduce((sum, r) => sum + r.body.shape[0], 0));
  const rowsWhere = (wanted: (k: number) => boolean): number[] =>
    program.rows.flatMap((r, k) => (wanted(k) ? Array.from({ length: r.body.shape[0] }, (_, i) => starts[k] + i) : []));
  // stationarity rows come follower by follower, and a follower's variables in its own order
  const inOrder = rowsWhere((k) => program.rows[k].origin === "stationarity");
  const stationarity = new Int32Array(kkt.y.input.size);
  problem.lowers
    .flatMap((level) => [...positionsOf(level)])
    .forEach((y, i) => {
      stationarity[y] = inOrder[i];
    });
  const xs = kkt.x.input.size;
  const zAt = xs + kkt.y.input.size;
  const slackRow = Int32Array.from({ length: pairs }, (_, j) => rows - pairs + j);
  const multiplier = Int32Array.from({ length: pairs }, (_, j) => zAt + j);
  const lowerRows = Int32Array.from(rowsWhere((k) => program.rows[k].origin === "lower"));
  // the slacks stand behind the equalities
  const equalities = lowerRows.subarray(0, lowerRows.length - pairs);
  // zero at every solution: y_i times its stationarity, z_j s_j, and the lower equalities times anything
  const products = {
    column: Int32Array.from([
      ...Array.from(stationarity, (_, i) => xs + i),
      ...multiplier,
      ...Array.from(equalities, (_, k) => zAt + pairs + k),
    ]),
    row: Int32Array.from([...stationarity, ...slackRow, ...equalities]),
  };
  // followers together, then each by itself: a price that the upper level uses is one
  const together = Int32Array.from({ length: n }, (_, j) => (j < xs ? 0 : j < zAt ? 1 : 2));
  const apart = together.slice();
  for (const [k, level] of problem.lowers.entries()) for (const y of positionsOf(level)) apart[xs + y] = 3 + k;
  const convex = isConvex
    ? written
    : (withVanishingProducts(written, products, [together, apart]) ?? convexified(written));
  if (convex === undefined) return NOT_CONVEX;
  return {
    kkt,
    invert,
    compiled,
    program: convex,
    slackRow,
    multiplier,
    lowerRows,
    stationarity,
  };
}

const isLinear = (problem: Problem, level: Problem["lowers"][number]): boolean =>
  degreeIn(level.objective, problem.y) <= 1;

/** The constant Hessian of a follower's objective in its own variables, its lower triangle. */
function constantMatrix(problem: Problem, follower: number, backend: Backend): Triplets {
  const { builder: b, lowers, x, y } = problem;
  const own = b.graph.positions(positionsOf(lowers[follower]));
  const H = hessian(b, lowers[follower].objective, y);
  const kernel = backend.compile({ name: "curvature", inputs: [x, y], outputs: [b.take(b.take(H, 0, own), 1, own)] });
  const out = new Float64Array(own.size * own.size);
  kernel(new Float64Array(x.size), new Float64Array(y.size), out);
  const rows = Int32Array.from(out, (_, e) => Math.floor(e / own.size));
  const columns = Int32Array.from(out, (_, e) => e % own.size);
  return { rows, columns, values: out.map((v, e) => (rows[e] >= columns[e] ? v : 0)) };
}
