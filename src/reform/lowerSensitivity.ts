/**
 * The lower level as a program in y with x held, and what sensitivity analysis needs besides its derivatives in y: with the
 * Lagrangian L = g + w f + zᵀ c (w >= 0 a weight of the upper objective, 0 for the lower level as written),
 *
 *   out = d/dx [ vᵀ ∇y L(x, y, z) + uᵀ c(x, y) ] = L_xy v + c_xᵀ u,      out = (L_yx d, c_x d)
 *
 * the product that turns an adjoint (v, u) of the first-order conditions into a hypergradient, and the right-hand side of the
 * derivative of solutions along d (Fiacco 1976). Expressions are differentiated exactly; Hessian and Jacobian in y are evaluated once where they are constant.
 */
import type { Backend } from "../codegen/kernel.js";
import { gradient, jvp } from "../diff/index.js";
import { degreeIn } from "../expr/degree.js";
import type { InputBlock, Node } from "../expr/node.js";
import type { Problem } from "../model/problem.js";
import { type CompiledProgram, compileProgram } from "./compile.js";
import { boundedBlock, feasibleSet } from "./levels.js";
import { lowerRows } from "./lowerLevel.js";
import type { Program } from "./program.js";
import { rowBounds } from "./rowBounds.js";

type Vector = Float64Array;

export interface LowerSensitivity {
  /** Parameters: x, then w. */
  readonly program: CompiledProgram;
  /** The Hessian of the Lagrangian in y, and the Jacobian of the rows in y, are the same at all (x, y, z) while w = 0. */
  readonly constantHessian: boolean;
  /** That of g + w f as well, while w stays. */
  readonly constantWeighted: boolean;
  readonly constantJacobian: boolean;
  /** out (length n) = L_xy v + c_xᵀ u; z and u one entry a row of the program. */
  crossInto(x: Vector, y: Vector, z: Vector, w: number, v: Vector, u: Vector, out: Vector): void;
  /** out (length m + rows) = (L_yx d, c_x d), d of length n. */
  alongInto(x: Vector, y: Vector, z: Vector, w: number, d: Vector, out: Vector): void;
  /** Multipliers of the lower constraints as written (of g + multipliersᵀ c), from those of rows and bounds (see nlp/program.ts for signs). */
  multipliersInto(y: Vector, rows: Vector, bounds: Vector, out: Vector): void;
}

export function lowerSensitivity(problem: Problem, backend: Backend): LowerSensitivity {
  const { builder: b, lowerObjective, upper, x, y } = problem;
  const weight: InputBlock = { name: "weight of the upper objective", size: 1 };
  const share = b.mul(b.reshape(b.input(weight), []), upper.objective);
  const rows = lowerRows(problem);
  const program: Program = {
    builder: b,
    blocks: [boundedBlock(problem, "lower")],
    parameters: [x, weight],
    objective: b.add(lowerObjective, share),
    rows,
  };
  const compiled = compileProgram(program, backend);
  const affine = rows.every((r) => degreeIn(r.body, x, y) <= 1);
  const [slope] = gradient(b, lowerObjective, [y]);
  const quadratic = affine && degreeIn(slope, x, y) <= 1;
  const [upperSlope] = gradient(b, upper.objective, [y]);

  const z: InputBlock = { name: "multipliers", size: compiled.rows };
  const v: InputBlock = { name: "adjoint", size: y.size };
  const u: InputBlock = { name: "adjoint of rows", size: compiled.rows };
  const body: Node | undefined =
    rows.length === 0
      ? undefined
      : rows.length === 1
        ? rows[0].body
        : b.concat(
            rows.map((r) => r.body),
            0,
          );
  const lagrangian = body === undefined ? program.objective : b.add(program.objective, b.dot(b.input(z), body));
  const [along] = gradient(b, lagrangian, [y]);
  const adjoint = b.dot(b.input(v), along);
  const [product] = gradient(b, body === undefined ? adjoint : b.add(adjoint, b.dot(b.input(u), body)), [x]);
  const inputs = body === undefined ? [x, y, weight, v] : [x, y, weight, v, z, u];
  const cross = backend.compile({ name: "program_cross", inputs, outputs: [product] });
  const d: InputBlock = { name: "direction", size: x.size };
  const moving = jvp(b, body === undefined ? [along] : [along, body], new Map([[x, b.input(d)]]));
  const forward = backend.compile({
    name: "program_along",
    inputs: body === undefined ? [x, y, weight, d] : [x, y, weight, d, z],
    outputs: [moving.length === 1 ? moving[0] : b.concat(moving, 0)],
  });
  const one = new Float64Array(1);
  return {
    program: compiled,
    constantHessian: quadratic,
    constantWeighted: quadratic && degreeIn(upperSlope, x, y) <= 1,
    constantJacobian: affine,
    crossInto(atX, atY, atZ, w, atV, atU, out) {
      one[0] = w;
      if (body === undefined) cross(atX, atY, one, atV, out);
      else cross(atX, atY, one, atV, atZ, atU, out);
    },
    alongInto(atX, atY, atZ, w, along, out) {
      one[0] = w;
      if (body === undefined) forward(atX, atY, one, along, out);
      else forward(atX, atY, one, along, atZ, out);
    },
    multipliersInto: multiplierMap(problem),
  };
}

/** Rows of the program and bounds back to the rows of the constraints as written. */
function multiplierMap(problem: Problem): LowerSensitivity["multipliersInto"] {
  const fromRow: { readonly row: number; readonly at: number; readonly size: number }[] = [];
  const fromBound: { readonly row: number; readonly j: number; readonly value: number; readonly sign: number }[] = [];
  const bounds = rowBounds(problem);
  let first = 0;
  let at = 0;
  for (const level of problem.lowers) {
    const { slacks, residuals } = feasibleSet(problem, level, problem.y);
    for (const part of [...slacks.filter((p) => !p.bound), ...residuals]) {
      const size = part.body.shape[0];
      if (part.row !== undefined) fromRow.push({ row: first + part.row, at, size });
      at += size;
    }
    for (const constraint of level.constraints) {
      const held = bounds.get(constraint);
      held?.at.forEach((j, i) => {
        fromBound.push({ row: first + i, j, value: held.value[i], sign: held.side[i] === "upper" ? 1 : -1 });
      });
      first += constraint.rows;
    }
  }
  return (y, rows, boundMultipliers, out) => {
    out.fill(0);
    for (const { row, at: from, size } of fromRow) for (let i = 0; i < size; i++) out[row + i] = rows[from + i];
    for (const { row, j, value, sign } of fromBound) {
      const w = sign * boundMultipliers[j];
      if (w > 0 && Math.abs(y[j] - value) <= 1e-9 * (1 + Math.abs(value))) out[row] = w;
    }
  };
}
