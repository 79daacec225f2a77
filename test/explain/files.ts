/** The problems that explanations are tested on, compiled once. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Problem } from "../../src/model/problem.js";
import { compileFile } from "../../src/node.js";
import { root } from "../structure/source.js";

export const own = ["network", "greek", "quotient", "regression"].map((name) => `test/explain/problems/${name}.blo`);
export const examples = [
  "examples/seed/quadratic.blo",
  "examples/seed/curve.blo",
  "examples/stackelberg/toll.blo",
  "examples/stackelberg/duopoly.blo",
  "examples/stackelberg/market.blo",
  "examples/followers/subsidy.blo",
  "examples/minimax/saddle.blo",
  "examples/minimax/robust-fit.blo",
  "examples/hyperparameter/logistic.blo",
  "examples/hyperparameter/ridge.blo",
  "examples/stochastic/cleaning.blo",
  "examples/inverse/utility.blo",
  "examples/adversarial/cars.blo",
  "examples/adversarial/small.blo",
  "examples/igfm/indifferent.blo",
  "test/acceptance/problems/PBGD.blo",
  "test/acceptance/problems/C1.blo",
];
export const all = [...own, ...examples];

/** Sections that rest on the problem alone: those of others change with methods and estimates. */
export const plainSections = ["structure", "standard-form", "derivatives", "optimality", "hypergradient", "penalty"];

const known = new Map<string, Promise<Problem>>();

export function problemOf(path: string): Promise<Problem> {
  let found = known.get(path);
  if (!found) {
    found = compiled(path);
    known.set(path, found);
  }
  return found;
}

async function compiled(path: string): Promise<Problem> {
  const { problem, diagnostics } = await compileFile(join(root, path));
  if (!problem) throw new Error(`${path}: ${diagnostics[0]?.message}`);
  return problem;
}

export const textOf = (path: string): string => readFileSync(join(root, path), "utf8");
