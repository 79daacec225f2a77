/** The default engine: derivatives of the expression graph, compiled by a code generation back end. */
import type { Backend, Descent, Kernel } from "../codegen/kernel.js";
import type { Problem } from "../model/problem.js";
import type { Engine, LevelName, ProblemKernels, Query } from "./engine.js";
import { descentRequest, levelGraph, request, stagedRequest } from "./queries.js";

export function graphEngine(backend: Backend): Engine {
  return { id: backend.id, compile: (problem) => new GraphKernels(problem, backend) };
}

class GraphKernels implements ProblemKernels {
  private readonly levels;
  private readonly compiled = new Map<string, Kernel>();

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

  descent(objective: "lower" | "penalised"): Descent | undefined {
    return this.backend.compileDescent?.(descentRequest(this.problem, objective));
  }
}
