/** The default engine: derivatives of the expression graph, compiled by a code generation back end. */
import type { Backend, Descent, Kernel } from "../codegen/kernel.js";
import type { Problem } from "../model/problem.js";
import type { Engine, LevelName, ProblemKernels, Query } from "./engine.js";
import { descentRequest, levelGraph, request, stagedRequest } from "./queries.js";
import { type Profile, ThinnedKernels } from "./sampledKernels.js";

export function graphEngine(backend: Backend): Engine {
  return { id: backend.id, compile: (problem) => kernelsOf(problem, backend) };
}

/**
 * Compiled problems: solving one again uses the same functions, which by then the engine below has optimised. Kernels
 * keep nothing from one call to the next, so any number of oracles can share them.
 */
const compiledProblems = new WeakMap<Problem, Map<string, GraphKernels>>();

function kernelsOf(problem: Problem, backend: Backend): GraphKernels {
  let perBackend = compiledProblems.get(problem);
  if (!perBackend) {
    perBackend = new Map();
    compiledProblems.set(problem, perBackend);
  }
  let kernels = perBackend.get(backend.id);
  if (!kernels) {
    kernels = new GraphKernels(problem, backend);
    perBackend.set(backend.id, kernels);
  }
  return kernels;
}

class GraphKernels implements ProblemKernels {
  private readonly levels;
  private readonly compiled = new Map<string, Kernel>();
  private readonly thinnedLevels = new Map<string, ThinnedKernels>();
  private readonly descents = new Map<string, Descent | undefined>();

  constructor(
    private readonly problem: Problem,
    private readonly backend: Backend,
  ) {
    this.levels = { upper: levelGraph(problem, "upper"), lower: levelGraph(problem, "lower") };
  }

  kernel(level: LevelName, query: Query): Kernel {
    const key = `${level} ${query}`;
    let kernel = this.compiled.get(key);
    if (!kernel) {
      kernel = this.backend.compile(request(this.problem, this.levels[level], query));
      this.compiled.set(key, kernel);
    }
    return kernel;
  }

  staged(level: LevelName, query: Parameters<ProblemKernels["staged"]>[1]) {
    return this.backend.compileStaged(stagedRequest(this.problem, this.levels[level], query));
  }

  thinned(level: LevelName, profile: Profile): ThinnedKernels {
    const key = `${level} ${profile.sizes.join(",")} ${profile.scales.join(",")}`;
    let kernels = this.thinnedLevels.get(key);
    if (!kernels) {
      kernels = new ThinnedKernels(this.problem, this.backend, this.levels[level], profile);
      this.thinnedLevels.set(key, kernels);
    }
    return kernels;
  }

  descent(objective: "lower" | "penalised"): Descent | undefined {
    if (!this.descents.has(objective)) {
      this.descents.set(objective, this.backend.compileDescent?.(descentRequest(this.problem, objective)));
    }
    return this.descents.get(objective);
  }
}
