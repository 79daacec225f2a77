/**
 * The wrapper a method calls: counts, then hands its buffers to the kernel of the query. Kernels are asked for at first
 * use, so a query that is never asked costs nothing; afterwards a call is one increment and one function call.
 */
import type { Kernel, StagedKernel } from "../codegen/kernel.js";
import { copyInto } from "../num/vector.js";
import type { Tally } from "./counts.js";
import type { LevelName, ProblemKernels, Query, StagedQuery } from "./engine.js";
import type { ConstraintOracle, LevelOracle, Linearization } from "./oracle.js";

type Vector = Float64Array;
type LevelQuery = Exclude<Query, "surrogate" | "constraints" | "constraintVjp" | "constraintHvpYY" | "constraintJvpXY">;

/** A kernel that compiles itself when first called and then steps aside: `set` puts the real one in its place. */
export function deferred(make: () => Kernel, set: (kernel: Kernel) => void): Kernel {
  return (...buffers) => {
    const kernel = make();
    set(kernel);
    return kernel(...buffers);
  };
}

function levelKernels(source: ProblemKernels, level: LevelName): Record<LevelQuery, Kernel> {
  const late = (query: LevelQuery): Kernel =>
    deferred(
      () => source.kernel(level, query),
      (kernel) => {
        kernels[query] = kernel;
      },
    );
  const kernels: Record<LevelQuery, Kernel> = {
    value: late("value"),
    gradX: late("gradX"),
    gradY: late("gradY"),
    valueGradY: late("valueGradY"),
    valueGrad: late("valueGrad"),
    hvpYY: late("hvpYY"),
    jvpXY: late("jvpXY"),
    jvpYX: late("jvpYX"),
  };
  return kernels;
}

/** n, m: lengths of x and y. */
export function levelOracle(
  source: ProblemKernels,
  level: LevelName,
  tally: Tally,
  n: number,
  m: number,
  constraints: ConstraintOracle,
): LevelOracle {
  const kernels = levelKernels(source, level);
  const scalar = new Float64Array(1);
  const linearized = new Linearized(source, level, tally, n, m);
  const dense = new Linearized(source, level, tally, n, m);
  const unit = new Float64Array(m);
  const column = new Float64Array(m);
  return {
    constraints,
    value(x, y) {
      tally.value++;
      return kernels.value(x, y, scalar);
    },
    gradX(x, y, out) {
      tally.gradient++;
      kernels.gradX(x, y, out);
    },
    gradY(x, y, out) {
      tally.gradient++;
      kernels.gradY(x, y, out);
    },
    valueGradY(x, y, outY) {
      tally.value++;
      tally.gradient++;
      return kernels.valueGradY(x, y, scalar, outY);
    },
    valueGrad(x, y, outX, outY) {
      tally.value++;
      tally.gradient++;
      return kernels.valueGrad(x, y, scalar, outX, outY);
    },
    hvpYY(x, y, v, out) {
      tally.hvp++;
      kernels.hvpYY(x, y, v, out);
    },
    jvpXY(x, y, v, out) {
      tally.jvp++;
      kernels.jvpXY(x, y, v, out);
    },
    jvpYX(x, y, u, out) {
      tally.jvp++;
      kernels.jvpYX(x, y, u, out);
    },
    linearize(x, y) {
      linearized.at(x, y);
      return linearized;
    },
    hessianYY(x, y, out) {
      // Column j is H e_j. Rounding differs between (i, j) and (j, i); the mean of both is exactly symmetric.
      dense.at(x, y);
      for (let j = 0; j < m; j++) {
        unit[j] = 1;
        dense.hvp(unit, column);
        unit[j] = 0;
        for (let i = 0; i < m; i++) out[i * m + j] = column[i];
      }
      for (let i = 0; i < m; i++) {
        for (let j = 0; j < i; j++) {
          const mean = 0.5 * (out[i * m + j] + out[j * m + i]);
          out[i * m + j] = mean;
          out[j * m + i] = mean;
        }
      }
    },
  };
}

/**
 * Products at a point that is kept as a copy. Each kind of product prepares its own kernel when it is first applied
 * after `at`, so a point that is only ever asked for H v never pays for J v.
 */
class Linearized implements Linearization {
  private readonly x: Vector;
  private readonly y: Vector;
  private readonly staged: Record<"hvp" | "jvp" | "both", { kernel: StagedKernel | undefined; ready: boolean }> = {
    hvp: { kernel: undefined, ready: false },
    jvp: { kernel: undefined, ready: false },
    both: { kernel: undefined, ready: false },
  };

  constructor(
    private readonly source: ProblemKernels,
    private readonly level: LevelName,
    private readonly tally: Tally,
    n: number,
    m: number,
  ) {
    this.x = new Float64Array(n);
    this.y = new Float64Array(m);
  }

  at(x: Vector, y: Vector): void {
    copyInto(x, this.x);
    copyInto(y, this.y);
    this.staged.hvp.ready = false;
    this.staged.jvp.ready = false;
    this.staged.both.ready = false;
  }

  hvp(v: Vector, out: Vector): void {
    this.tally.hvp++;
    this.prepared("hvp").apply(v, out);
  }

  jvp(v: Vector, out: Vector): void {
    this.tally.jvp++;
    this.prepared("jvp").apply(v, out);
  }

  both(v: Vector, outH: Vector, outJ: Vector): void {
    this.tally.hvp++;
    this.tally.jvp++;
    this.prepared("both").apply(v, outH, outJ);
  }

  private prepared(query: Exclude<StagedQuery, "constraintRows">): StagedKernel {
    const slot = this.staged[query];
    slot.kernel ??= this.source.staged(this.level, query);
    if (!slot.ready) {
      slot.kernel.prepare(this.x, this.y);
      slot.ready = true;
    }
    return slot.kernel;
  }
}
