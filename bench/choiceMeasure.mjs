/** What the benches of the automatic choice share: flags, how calls are counted, one run, quantiles. */
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

/** `--name value` and `--name`; what stands before is in `words`. */
export function flagsOf(argv) {
  const flags = new Map();
  const words = [];
  for (let i = 2; i < argv.length; i++) {
    if (!argv[i].startsWith("--")) {
      words.push(argv[i]);
      continue;
    }
    const name = argv[i].slice(2);
    const value = argv[i + 1];
    if (value === undefined || value.startsWith("--")) flags.set(name, true);
    else flags.set(name, argv[++i]);
  }
  return { flags, words };
}

/** A file of dist/, or the one beside the file that BLO_API names. */
export function built(name) {
  const folder = process.env.BLO_API
    ? resolve(process.env.BLO_API, "..")
    : new URL("../dist", import.meta.url).pathname;
  return import(pathToFileURL(resolve(folder, name)).href);
}

/**
 * A gradient counts one, a second-order product two, a Jacobian of constraints one, whatever asked for them: the method, a method
 * that presolve put in front of it, the whole search for a better answer. A Hessian or Jacobian of a compiled program counts one
 * product for each directional derivative it takes. A linear or quadratic program of branch and bound counts one gradient of each level
 * and one Jacobian, whatever HiGHS does inside; what intervals evaluate while they prove a minimum, and what certificates ask, is no
 * part of it, for a plain run and for its rivals alike.
 */
export function calls(c) {
  return (
    c.upperGradient + c.lowerGradient + 2 * (c.upperProduct + c.lowerHvp + c.lowerJvp) + (c.constraintJacobian ?? 0)
  );
}

/** One run, and what is asked of it. */
export async function run(solve, problem, options) {
  const began = performance.now();
  const result = await solve(problem, options);
  return {
    certified: result.status === "converged",
    status: result.status,
    reason: result.reason,
    method: result.method,
    objective: result.upper.objective,
    calls: calls(result.counts),
    seconds: (performance.now() - began) / 1000,
    tried: result.tried,
  };
}

export const quantile = (list, q) => {
  const sorted = [...list].sort((a, b) => a - b);
  return sorted.length === 0 ? Number.NaN : sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
};

export const show = (v) => (Number.isFinite(v) ? String(Number(v.toPrecision(3))) : "");
