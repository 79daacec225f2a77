/**
 * Constraint rows of a level as the oracle's queries. The dense Jacobian applies the transposed product to unit vectors,
 * row after row, with what depends on (x, y) alone computed once. Products with second derivatives count as the level's.
 */
import type { Kernel, StagedKernel } from "../codegen/kernel.js";
import type { Constraint } from "../model/problem.js";
import type { ConstraintTally, Tally } from "./counts.js";
import type { LevelName, ProblemKernels, Query } from "./engine.js";
import { deferred } from "./level.js";
import type { ConstraintOracle } from "./oracle.js";

type ConstraintQuery = Extract<Query, "constraints" | "constraintVjp" | "constraintHvpYY" | "constraintJvpXY">;

export function constraintOracle(
  source: ProblemKernels,
  level: LevelName,
  constraints: readonly Constraint[],
  tally: ConstraintTally,
  products: Tally,
  n: number,
  m: number,
): ConstraintOracle {
  const names = constraints.flatMap((c) => new Array<string>(c.rows).fill(c.name));
  const rows = names.length;
  const equality = Uint8Array.from(constraints.flatMap((c) => new Array<number>(c.rows).fill(c.kind === "eq" ? 1 : 0)));
  if (rows === 0) return noConstraints;

  const late = (query: ConstraintQuery): Kernel =>
    deferred(
      () => source.kernel(level, query),
      (kernel) => {
        kernels[query] = kernel;
      },
    );
  const kernels: Record<ConstraintQuery, Kernel> = {
    constraints: late("constraints"),
    constraintVjp: late("constraintVjp"),
    constraintHvpYY: late("constraintHvpYY"),
    constraintJvpXY: late("constraintJvpXY"),
  };
  let byRow: StagedKernel | undefined;
  const unit = new Float64Array(rows);
  const rowX = new Float64Array(n);
  const rowY = new Float64Array(m);

  return {
    rows,
    equality,
    names,
    value(x, y, out) {
      tally.value++;
      kernels.constraints(x, y, out);
    },
    jacobian(x, y, outX, outY) {
      tally.jacobian++;
      byRow ??= source.staged(level, "constraintRows");
      byRow.prepare(x, y);
      for (let i = 0; i < rows; i++) {
        unit[i] = 1;
        byRow.apply(unit, rowX, rowY);
        unit[i] = 0;
        for (let j = 0; j < n; j++) outX[i * n + j] = rowX[j];
        for (let j = 0; j < m; j++) outY[i * m + j] = rowY[j];
      }
    },
    vjp(x, y, z, outX, outY) {
      tally.jacobian++;
      kernels.constraintVjp(x, y, z, outX, outY);
    },
    hvpYY(x, y, z, v, out) {
      products.hvp++;
      kernels.constraintHvpYY(x, y, z, v, out);
    },
    jvpXY(x, y, z, v, out) {
      products.jvp++;
      kernels.constraintJvpXY(x, y, z, v, out);
    },
  };
}

/** No rows: products are zero and nothing is counted. */
const noConstraints: ConstraintOracle = {
  rows: 0,
  equality: new Uint8Array(0),
  names: [],
  value() {},
  jacobian() {},
  vjp(_x, _y, _z, outX, outY) {
    outX.fill(0);
    outY.fill(0);
  },
  hvpYY(_x, _y, _z, _v, out) {
    out.fill(0);
  },
  jvpXY(_x, _y, _z, _v, out) {
    out.fill(0);
  },
};
