/**
 * One step of a difference-of-convex method on the value function reformulation  f -> min,  g(x, y) <= V(x) + ε:  V is
 * replaced by its linearisation at x_k, the row by a penalty σ s, and the step is held by a proximal term,
 *
 *   min f + ½ ρ |(x, y) - (x_k, y_k)|² + σ s   subject to  g(x, y) - ξᵀ x - level <= s,  s >= 0,  constraints of both levels
 *
 * with ξ = ∇V(x_k) = ∇x g + h_xᵀ z at the lower solution and its multipliers, level = V(x_k) - ξᵀ x_k + ε.
 */
import type { Backend, Kernel } from "../codegen/kernel.js";
import { gradient } from "../diff/index.js";
import type { InputBlock } from "../expr/node.js";
import type { Problem } from "../model/problem.js";
import { upperRows } from "./kkt.js";
import { boundedBlock } from "./levels.js";
import { lowerRows } from "./lowerLevel.js";
import { freeBlock, type Program, rowsOf } from "./program.js";

/** Parameters in order: x_k, y_k, ξ, level, σ, ρ. The variables are x, y, s. */
export function linearisedProgram(problem: Problem): Program {
  const { builder: b, upper, lowerObjective, x, y } = problem;
  const block = (name: string, size: number): InputBlock => ({ name, size });
  const [xk, yk, xi, level, sigma, rho] = [
    block("xk", x.size),
    block("yk", y.size),
    block("xi", x.size),
    block("level", 1),
    block("sigma", 1),
    block("rho", 1),
  ];
  const slack = freeBlock("s", 1);
  slack.lower.fill(0);
  const scalar = (p: InputBlock) => b.reshape(b.input(p), []);
  const [dx, dy] = [b.sub(b.input(x), b.input(xk)), b.sub(b.input(y), b.input(yk))];
  const proximal = b.mul(b.mul(b.constant(0.5), scalar(rho)), b.add(b.dot(dx, dx), b.dot(dy, dy)));
  const penalty = b.mul(scalar(sigma), scalar(slack.input));
  const linear = b.add(b.dot(b.input(xi), b.input(x)), scalar(level));
  const excess = b.sub(b.sub(lowerObjective, linear), scalar(slack.input));
  return {
    builder: b,
    blocks: [boundedBlock(problem, "upper"), boundedBlock(problem, "lower"), slack],
    parameters: [xk, yk, xi, level, sigma, rho],
    objective: b.add(b.add(upper.objective, proximal), penalty),
    rows: [...upperRows(problem), ...lowerRows(problem), rowsOf("lower value", "value", "le", b.reshape(excess, [1]))],
  };
}

/** Gradient in x of the lower Lagrangian: arguments x, y, multipliers of the rows of `lowerProgram`, out. */
export function valueSlope(problem: Problem, backend: Backend): { readonly kernel: Kernel; readonly rows: number } {
  const { builder: b, lowerObjective, x, y } = problem;
  const bodies = lowerRows(problem).map((r) => r.body);
  const rows = bodies.reduce((sum, body) => sum + body.shape[0], 0);
  const z: InputBlock = { name: "multipliers", size: rows };
  const joined = bodies.length === 1 ? bodies[0] : bodies.length > 1 ? b.concat(bodies, 0) : undefined;
  const lagrangian = joined === undefined ? lowerObjective : b.add(lowerObjective, b.dot(b.input(z), joined));
  const outputs = gradient(b, lagrangian, [x]);
  const inputs = rows > 0 ? [x, y, z] : [x, y];
  const inner = backend.compile({ name: "value_slope", inputs, outputs });
  const kernel: Kernel = (px, py, multipliers, out) =>
    rows > 0 ? inner(px, py, multipliers, out) : inner(px, py, out);
  return { kernel, rows };
}
