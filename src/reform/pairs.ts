/**
 * The first-order conditions with every complementarity decided: for each pair either s_j = 0 or z_j = 0, the other
 * one at least zero. One compiled program serves all decisions, which are limits of its rows and variables; its solutions are
 * points of the complementarity program itself, without relaxation (the leaves of a branch and bound; Bard and Moore, SIAM
 * J. Sci. Stat. Comput. 11, 1990).
 */
import type { Backend, Kernel } from "../codegen/kernel.js";
import type { Problem } from "../model/problem.js";
import type { NonlinearProgram } from "../nlp/program.js";
import { type CompiledProgram, compileProgram } from "./compile.js";
import type { KktProgram } from "./kkt.js";
import type { BilevelPoint } from "./steps/bilevelPoint.js";
import { applyKkt } from "./steps/kkt.js";

type Vector = Float64Array;

export class DecidedPairs {
  readonly kkt: KktProgram;
  /** The bilevel point that u stands for: of every form of the first-order conditions, whose variables are the same. */
  readonly invert: (u: Vector) => BilevelPoint;
  readonly compiled: CompiledProgram;
  /** Number of pairs. */
  readonly size: number;
  private readonly slackKernel: Kernel | undefined;
  private readonly firstZ: number;

  constructor(problem: Problem, backend: Backend) {
    const { target, invert } = applyKkt(problem, "none");
    this.kkt = target;
    this.invert = invert;
    this.compiled = compileProgram(this.kkt, backend);
    this.size = this.kkt.z.input.size;
    this.firstZ = this.kkt.x.input.size + this.kkt.y.input.size;
    const { slacks, x, y } = this.kkt;
    this.slackKernel = slacks && backend.compile({ name: "slacks", inputs: [x.input, y.input], outputs: [slacks] });
  }

  /** The program with s_j = 0 where active[j] is 1 and z_j = 0 elsewhere. */
  decided(active: Uint8Array): NonlinearProgram {
    const { compiled, kkt, firstZ } = this;
    const [lower, upper, rowLower] = [compiled.lower.slice(), compiled.upper.slice(), compiled.rowLower.slice()];
    for (const { kind, offset, size, at, held } of kkt.groups) {
      if (kind !== "slack") continue;
      for (let i = 0; i < size; i++) {
        if (active[offset + i] === 0) upper[firstZ + offset + i] = 0;
        else if (at !== undefined) rowLower[at + i] = 0;
        else if (held !== undefined) {
          const j = kkt.x.input.size + held.at[i];
          lower[j] = Math.max(lower[j], held.value[i]);
          upper[j] = Math.min(upper[j], held.value[i]);
        }
      }
    }
    return { ...compiled, lower, upper, rowLower };
  }

  /** out = s(u) */
  slacksInto(u: Vector, out: Vector): void {
    const { kkt, slackKernel } = this;
    const n = kkt.x.input.size;
    slackKernel?.(u.subarray(0, n), u.subarray(n, this.firstZ), out);
  }

  /** Position in u of the multiplier of pair j. */
  multiplier(j: number): number {
    return this.firstZ + j;
  }

  /** First row of the stationarity conditions and their number. */
  get stationarity(): { readonly at: number; readonly size: number } {
    let at = 0;
    let first = -1;
    let size = 0;
    for (const { origin, body } of this.kkt.rows) {
      if (origin === "stationarity") {
        if (first < 0) first = at;
        size += body.shape[0];
      }
      at += body.shape[0];
    }
    return { at: first, size };
  }
}
