/**
 * A box to take starts from: the smallest and the largest value of each variable over all points that keep the constraints of
 * both levels (bound tightening). The minima are local ones; where the set is unbounded, or the solve fails, the side is ten
 * away. The box is used for SAMPLING only: as bounds of a lower level it would change its solutions, since upper constraints are
 * among those that made it.
 */
import type { Backend } from "../../../codegen/kernel.js";
import type { Oracle } from "../../../oracle/oracle.js";
import { compileProgram } from "../../../reform/compile.js";
import { jointProgram } from "../../../reform/jointProgram.js";
import { feasible, type ProgramSolver } from "../programSolver.js";

type Vector = Float64Array;

/** Values beyond count as unbounded. */
const FAR = 1e4;
/** Half the width of a side without bounds. */
const USUAL = 10;
/** Above this many variables only their own bounds are used. */
const MOST = 40;

export interface Box {
  readonly lower: Vector;
  readonly upper: Vector;
  /** 1 where a side has no bound of its own. */
  readonly openBelow: Uint8Array;
  readonly openAbove: Uint8Array;
  /** In place: the point (x, y) that keeps the constraints of both levels and is (locally) nearest; false where none is found. */
  readonly nearest: (point: Vector) => boolean;
}

const nothing = new Float64Array(0);
export const noBox: Box = {
  lower: nothing,
  upper: nothing,
  openBelow: new Uint8Array(0),
  openAbove: new Uint8Array(0),
  nearest: () => false,
};

/** Over (x, y); pauses between solves. */
export function* samplingBox(oracle: Oracle, backend: Backend, solver: ProgramSolver): Generator<void, Box, void> {
  const { n, m } = oracle;
  const program = compileProgram(jointProgram(oracle.problem), backend);
  const lower = program.lower.slice();
  const upper = program.upper.slice();
  let from = Float64Array.of(...oracle.startX, ...oracle.startY);
  let met: Vector | undefined;
  const count = n + m;
  if (program.rows > 0 && count <= MOST) {
    const limits = {
      ...program,
      lower: program.lower.map((l) => Math.max(l, -FAR)),
      upper: program.upper.map((h) => Math.min(h, FAR)),
    };
    for (let j = 0; j < count; j++) {
      for (const side of [1, -1]) {
        if (Number.isFinite(side > 0 ? lower[j] : upper[j]) && count > 10) continue;
        program.parameters.fill(0);
        program.parameters[j] = side;
        const result = solver.solve(limits, from, "constraints", { maxIterations: 100, elastic: met === undefined });
        yield;
        if (!feasible(result)) continue;
        met ??= result.u.slice();
        if (result.status !== "solved" && result.status !== "acceptable") continue;
        from = met.slice();
        const value = result.u[j];
        if (Math.abs(value) > 0.99 * FAR) continue;
        if (side > 0) lower[j] = Math.max(lower[j], value);
        else upper[j] = Math.min(upper[j], value);
      }
    }
  }
  const openBelow = Uint8Array.from(lower, (l) => (Number.isFinite(l) ? 0 : 1));
  const openAbove = Uint8Array.from(upper, (h) => (Number.isFinite(h) ? 0 : 1));
  for (let j = 0; j < count; j++) {
    const start = j < n ? oracle.startX[j] : oracle.startY[j - n];
    if (openBelow[j] === 1) lower[j] = Math.min(-USUAL, start - USUAL, upper[j] - USUAL);
    if (openAbove[j] === 1) upper[j] = Math.max(USUAL, start + USUAL, Math.min(lower[j], start) + USUAL);
    if (lower[j] > upper[j]) [lower[j], upper[j]] = [upper[j], lower[j]];
  }
  const nearest = (point: Vector): boolean => {
    if (program.rows === 0) return true;
    program.parameters.fill(0);
    program.parameters.set(point, count);
    program.parameters[2 * count] = 1;
    let result = solver.solve(program, point, "constraints", { maxIterations: 100, elastic: met === undefined });
    if (!feasible(result) && met !== undefined) {
      result = solver.solve(program, met, "constraints", { maxIterations: 100, elastic: false });
    }
    if (feasible(result)) met ??= result.u.slice();
    if (feasible(result)) point.set(result.u);
    return feasible(result);
  };
  return { lower, upper, openBelow, openAbove, nearest };
}
