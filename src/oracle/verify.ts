/**
 * Do the derivatives agree? Engines that share no rule look at the user's own problem at random points of its domain:
 * the symbolic derivatives that methods use, finite differences of values and gradients (Ridders' method), TensorFlow.js
 * (first order, float32), and mathjs for the file's own functions of scalars.
 */
import { loadTf, tfGradient } from "../codegen/tf.js";
import type { InputBlock, Node } from "../expr/node.js";
import type { Problem, Variable } from "../model/problem.js";
import type { Random } from "../num/random.js";
import { normInf } from "../num/vector.js";
import { Comparison, type DerivativeCheck } from "./comparison.js";
import { compileOracle, type OracleOptions } from "./compile.js";
import { directionalDerivative } from "./differences.js";
import type { LevelName } from "./engine.js";
import { functionChecks } from "./functionChecks.js";
import type { Oracle } from "./oracle.js";
import { type Quantity, quantities } from "./quantities.js";
import { constraintRows, levelGraph } from "./queries.js";
import { type Point, samplePoints } from "./sample.js";

type Vector = Float64Array;

export interface VerifyOptions extends OracleOptions {
  readonly random: Random;
  /** Number of random points; default 4. */
  readonly points?: number;
}

export interface DerivativeReport {
  readonly checks: readonly DerivativeCheck[];
  /** True where every check holds and something was compared. */
  readonly holds: boolean;
  readonly points: readonly Point[];
}

/** Relative tolerances: differences of float64 numbers, and float32 arithmetic. */
const differenceTolerance = 1e-6;
const floatTolerance = 1e-3;
/** Blocks up to this length are checked entry by entry, longer ones along as many random directions. */
const directionLimit = 12;

export async function verifyDerivatives(problem: Problem, options: VerifyOptions): Promise<DerivativeReport> {
  const oracle = compileOracle(problem, options);
  const points = samplePoints(oracle, options.points ?? 4, options.random.split("points"));
  const checks: DerivativeCheck[] = [];
  for (const level of ["upper", "lower"] as const) {
    for (const quantity of quantities(oracle, level, options.random.split(`multipliers ${level}`))) {
      checks.push(againstDifferences(oracle, quantity, points, options.random.split(quantity.name)));
    }
    checks.push(...(await againstTf(oracle, level, points, options.random.split(`tfjs ${level}`))));
  }
  checks.push(...(await functionChecks(problem.functions, options.random.split("functions"))));
  return { checks, holds: points.length > 0 && checks.every((c) => c.holds), points };
}

function againstDifferences(
  oracle: Oracle,
  quantity: Quantity,
  points: readonly Point[],
  random: Random,
): DerivativeCheck {
  const comparison = new Comparison(quantity.name, "finite differences", differenceTolerance);
  const { moving, size } = quantity;
  for (const [k, point] of points.entries()) {
    const base = point[moving];
    const f = (at: Vector, out: Vector): void => quantity.value({ ...point, [moving]: at }, out);
    const length = 1 + normInf(base);
    const here = new Float64Array(size);
    f(base, here);
    const found = directionsIn(base.length, random).map((direction) => {
      const exact = new Float64Array(size);
      quantity.derivative(point, direction.vector, exact);
      return { direction, exact, numeric: directionalDerivative(f, base, direction.vector, size, 0.05 * length) };
    });
    // Derivatives far below value / length drown in the rounding of the values: nothing is relative to less than that.
    const scale = Math.max(
      1e-3 * (normInf(here) / length),
      Number.MIN_VALUE,
      ...found.flatMap(({ exact, numeric }) => [normInf(exact), finiteMax(numeric.value)]),
    );
    for (const { direction, exact, numeric } of found) {
      for (let i = 0; i < size; i++) {
        comparison.add(exact[i], numeric.value[i], numeric.error[i], scale, () =>
          [entryName(oracle, quantity, i), along(oracle, quantity, direction), `point ${k + 1}`]
            .filter(Boolean)
            .join(", "),
        );
      }
    }
  }
  return comparison.result();
}

interface Direction {
  readonly vector: Vector;
  /** The entry it is the unit vector of. */
  readonly entry: number | undefined;
}

function directionsIn(size: number, random: Random): readonly Direction[] {
  return Array.from({ length: Math.min(size, directionLimit) }, (_, k) =>
    size <= directionLimit
      ? { vector: Float64Array.from({ length: size }, (_, i) => (i === k ? 1 : 0)), entry: k }
      : { vector: Float64Array.from({ length: size }, () => 2 * random.uniform() - 1), entry: undefined },
  );
}

function finiteMax(v: Vector): number {
  return v.reduce((top, e) => (Number.isFinite(e) ? Math.max(top, Math.abs(e)) : top), 0);
}

/** Gradients of the objective and of zᵀc by TensorFlow.js, at points that float32 holds exactly. */
async function againstTf(
  oracle: Oracle,
  name: LevelName,
  points: readonly Point[],
  random: Random,
): Promise<readonly DerivativeCheck[]> {
  const tf = await loadTf();
  const { problem } = oracle;
  const level = oracle[name];
  const graph = levelGraph(problem, name);
  const b = problem.builder;
  const z = Float64Array.from({ length: graph.rows }, () => Math.fround(0.5 + random.uniform()));
  const gradients: { quantity: string; node: Node; ours: (p: Point, outX: Vector, outY: Vector) => void }[] = [
    {
      quantity: `${name} gradient`,
      node: graph.objective,
      ours: (p, gx, gy) => void level.valueGrad(p.x, p.y, gx, gy),
    },
  ];
  if (graph.rows > 0) {
    const node = b.dot(b.input(graph.z), constraintRows(problem, graph));
    gradients.push({
      quantity: `${name} constraints`,
      node,
      ours: (p, gx, gy) => level.constraints.vjp(p.x, p.y, z, gx, gy),
    });
  }
  const checks: DerivativeCheck[] = [];
  for (const { quantity, node, ours } of gradients) {
    const comparisons = {
      x: new Comparison(`${quantity} in x`, "tfjs", floatTolerance),
      y: new Comparison(`${quantity} in y`, "tfjs", floatTolerance),
    };
    for (const [k, exactPoint] of points.entries()) {
      const point = { x: exactPoint.x.map(Math.fround), y: exactPoint.y.map(Math.fround) };
      const at = new Map<InputBlock, Vector>([
        [problem.x, point.x],
        [problem.y, point.y],
        [graph.z, z],
      ]);
      const [tfX, tfY] = await tfGradient(tf, node, [problem.x, problem.y], at);
      const here = gradientAt(oracle, ours, point);
      // How far rounding of this size moves the gradient: what float32 cannot be blamed for.
      const moved = gradientAt(oracle, ours, { x: point.x.map(nudge), y: point.y.map(nudge) });
      for (const [block, theirs] of [
        ["x", tfX],
        ["y", tfY],
      ] as const) {
        const scale = Math.max(Number.MIN_VALUE, normInf(here.x), normInf(here.y));
        const doubt = 3 * maxApart(here[block], moved[block]);
        for (let i = 0; i < theirs.length; i++) {
          comparisons[block].add(
            here[block][i],
            theirs[i],
            doubt,
            scale,
            () => `${variableEntry(oracle, block, i)}, point ${k + 1}`,
          );
        }
      }
    }
    checks.push(comparisons.x.result(), comparisons.y.result());
  }
  return checks;
}

function gradientAt(oracle: Oracle, ours: (p: Point, outX: Vector, outY: Vector) => void, point: Point): Point {
  const out = { x: new Float64Array(oracle.n), y: new Float64Array(oracle.m) };
  ours(point, out.x, out.y);
  return out;
}

/** About four units in the last place of float32, alternating in sign. */
function nudge(v: number, i: number): number {
  return v * (1 + (i % 2 === 0 ? 5e-7 : -5e-7));
}

function maxApart(a: Vector, b: Vector): number {
  return a.reduce((top, e, i) => Math.max(top, Math.abs(e - b[i])), 0);
}

function along(oracle: Oracle, quantity: Quantity, direction: Direction): string {
  return direction.entry === undefined
    ? "along a random direction"
    : `along ${variableEntry(oracle, quantity.moving, direction.entry)}`;
}

function entryName(oracle: Oracle, quantity: Quantity, i: number): string {
  if (quantity.entries === "objective") return "";
  if (quantity.entries === "constraints") return oracle[quantity.level].constraints.names[i];
  return variableEntry(oracle, quantity.entries, i);
}

/** The entry of a flat vector as people write it: `y`, `w[3]`, `M[2, 1]`. */
function variableEntry(oracle: Oracle, block: "x" | "y", i: number): string {
  const { upper, lowers } = oracle.problem;
  const variables: readonly Variable[] = block === "x" ? upper.variables : lowers.flatMap((l) => l.variables);
  const variable = variables.find((v) => i >= v.offset && i < v.offset + v.size);
  if (!variable) return `${block}[${i + 1}]`;
  const at = i - variable.offset;
  const [, columns = 0] = variable.shape;
  if (variable.shape.length === 0) return variable.name;
  if (variable.shape.length === 1) return `${variable.name}[${at + 1}]`;
  return `${variable.name}[${Math.floor(at / columns) + 1}, ${(at % columns) + 1}]`;
}
