/**
 * What each query computes, as outputs over the problem's expression graph. Second-order products are forward over
 * reverse: differentiate the gradient along a direction (Pearlmutter, 1994).
 */
import type { DescentRequest, KernelRequest, StagedRequest } from "../codegen/kernel.js";
import { gradient, jvp, substitute, vjp } from "../diff/index.js";
import type { InputBlock, Node } from "../expr/node.js";
import type { Constraint, Problem } from "../model/problem.js";
import type { LevelName, Query, StagedQuery } from "./engine.js";

/** A level seen as functions of (x, y): its objective and all its constraint rows as one vector. */
export interface LevelGraph {
  readonly name: LevelName;
  readonly objective: Node;
  readonly constraints: readonly Constraint[];
  readonly rows: number;
  /** Directions in y and x, multipliers of the rows. */
  readonly v: InputBlock;
  readonly u: InputBlock;
  readonly z: InputBlock;
}

export function levelGraph(problem: Problem, name: LevelName): LevelGraph {
  const constraints = name === "upper" ? problem.upper.constraints : problem.lowers.flatMap((l) => l.constraints);
  const rows = constraints.reduce((sum, c) => sum + c.rows, 0);
  return {
    name,
    objective: name === "upper" ? problem.upper.objective : problem.lowerObjective,
    constraints,
    rows,
    v: { name: "v", size: problem.y.size },
    u: { name: "u", size: problem.x.size },
    z: { name: "z", size: rows },
  };
}

/** The request of a query: what code generation compiles. */
export function request(problem: Problem, level: LevelGraph, query: Query): KernelRequest {
  const { x, y } = problem;
  const { v, u, z } = level;
  const ask = (inputs: readonly InputBlock[], outputs: readonly Node[]): KernelRequest => ({
    name: `${level.name}_${query}`,
    inputs: [x, y, ...inputs],
    outputs,
  });
  const forms: Readonly<Record<Query, () => KernelRequest>> = {
    value: () => ask([], [level.objective]),
    gradX: () => ask([], gradients(problem, level, [x])),
    gradY: () => ask([], gradients(problem, level, [y])),
    valueGradY: () => ask([], [level.objective, ...gradients(problem, level, [y])]),
    valueGrad: () => ask([], [level.objective, ...gradients(problem, level, [x, y])]),
    surrogate: () => surrogateRequest(problem),
    hvpYY: () => ask([v], along(problem, gradients(problem, level, [y]), y, v)),
    jvpXY: () => ask([v], along(problem, gradients(problem, level, [x]), y, v)),
    jvpYX: () => ask([u], along(problem, gradients(problem, level, [y]), x, u)),
    constraints: () => ask([], [constraintRows(problem, level)]),
    constraintVjp: () => ask([z], weighted(problem, level, [x, y])),
    constraintHvpYY: () => ask([z, v], along(problem, weighted(problem, level, [y]), y, v)),
    constraintJvpXY: () => ask([z, v], along(problem, weighted(problem, level, [x]), y, v)),
  };
  return forms[query]();
}

/** The request of a two-stage query: x and y first, the direction late. */
export function stagedRequest(problem: Problem, level: LevelGraph, query: StagedQuery): StagedRequest {
  const { x, y } = problem;
  const ask = (late: InputBlock, outputs: readonly Node[]): StagedRequest => ({
    name: `${level.name}_${query}`,
    inputs: [x, y],
    late: [late],
    outputs,
  });
  const forms: Readonly<Record<StagedQuery, () => StagedRequest>> = {
    hvp: () => ask(level.v, along(problem, gradients(problem, level, [y]), y, level.v)),
    jvp: () => ask(level.v, along(problem, gradients(problem, level, [x]), y, level.v)),
    both: () => ask(level.v, along(problem, gradients(problem, level, [y, x]), y, level.v)),
    constraintRows: () => ask(level.z, weighted(problem, level, [x, y])),
  };
  return forms[query]();
}

/** Value of f and the x-gradient of the penalty surrogate f(x, y) + lambda (g(x, y) - g(x, z)). */
function surrogateRequest({ builder: b, x, y, upper, lowerObjective }: Problem): KernelRequest {
  const z: InputBlock = { name: "z", size: y.size };
  const lambda: InputBlock = { name: "lambda", size: 1 };
  const [f] = gradient(b, upper.objective, [x]);
  const [atY] = gradient(b, lowerObjective, [x]);
  const [atZ] = substitute(b, [atY], new Map([[y, b.input(z)]]));
  const slope = b.add(f, b.mul(b.reshape(b.input(lambda), []), b.sub(atY, atZ)));
  return { name: "surrogate", inputs: [x, y, z, lambda], outputs: [upper.objective, slope] };
}

/** Steps in y on g, or on f + lambda g. */
export function descentRequest(problem: Problem, objective: "lower" | "penalised"): DescentRequest {
  const { builder: b, x, y, upper, lowerObjective } = problem;
  if (objective === "lower") {
    const [slope] = gradient(b, lowerObjective, [y]);
    return { name: "lower_descent", inputs: [x, y], moving: y, gradient: slope };
  }
  const lambda: InputBlock = { name: "lambda", size: 1 };
  const weight = b.reshape(b.input(lambda), []);
  const [f] = gradient(b, upper.objective, [y]);
  const [g] = gradient(b, lowerObjective, [y]);
  return { name: "penalised_descent", inputs: [x, y, lambda], moving: y, gradient: b.add(f, b.mul(weight, g)) };
}

function gradients(problem: Problem, level: LevelGraph, wrt: readonly InputBlock[]): readonly Node[] {
  return gradient(problem.builder, level.objective, wrt);
}

/** d outputs / d block along a direction. */
function along(problem: Problem, outputs: readonly Node[], block: InputBlock, direction: InputBlock): readonly Node[] {
  return jvp(problem.builder, outputs, new Map([[block, problem.builder.input(direction)]]));
}

/** All rows of the level's constraints as one vector. */
export function constraintRows(problem: Problem, level: LevelGraph): Node {
  const b = problem.builder;
  const bodies = level.constraints.map((c) => b.reshape(c.body, [c.rows]));
  return bodies.length === 1 ? bodies[0] : b.concat(bodies, 0);
}

/** The gradient of zᵀc. */
function weighted(problem: Problem, level: LevelGraph, wrt: readonly InputBlock[]): readonly Node[] {
  return vjp(problem.builder, [constraintRows(problem, level)], [problem.builder.input(level.z)], wrt);
}
