/** The fused gradient steps of an oracle: counts, then one kernel; compiled at first use. */
import type { Descent, Kernel } from "../codegen/kernel.js";
import type { Tallies } from "./counts.js";
import type { ProblemKernels } from "./engine.js";
import type { FusedDescent, LevelOracle } from "./oracle.js";

export function fusedDescent(
  kernels: ProblemKernels,
  tallies: Tallies,
  upper: LevelOracle,
  lower: LevelOracle,
): FusedDescent {
  let onLower: Descent | undefined | null = null;
  let onPenalised: Descent | undefined | null = null;
  let surrogate: Kernel | undefined;
  const value = new Float64Array(1);
  const settings = new Float64Array(1);
  const weight = new Float64Array(1);
  return {
    upper,
    lower,
    lowerInto(x, y, alpha, K, out) {
      if (onLower === null) onLower = kernels.descent?.("lower");
      if (onLower === undefined) return false;
      tallies.lower.gradient += K;
      settings[0] = alpha;
      onLower(settings, K, x, y, out);
      return true;
    },
    penalisedInto(x, y, tau, lambda, K, out) {
      if (onPenalised === null) onPenalised = kernels.descent?.("penalised");
      if (onPenalised === undefined) return false;
      tallies.upper.gradient += K;
      tallies.lower.gradient += K;
      weight[0] = lambda;
      settings[0] = tau;
      onPenalised(settings, K, x, y, weight, out);
      return true;
    },
    surrogateInto(x, y, z, lambda, out) {
      surrogate ??= kernels.kernel("upper", "surrogate");
      tallies.upper.value++;
      tallies.upper.gradient++;
      tallies.lower.gradient += 2;
      weight[0] = lambda;
      return surrogate(x, y, z, weight, value, out);
    },
  };
}
