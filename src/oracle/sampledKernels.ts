/**
 * Kernels of a level whose sampled sums read minibatches of given sizes. One set per profile of sizes and factors; the
 * live tables belong to the set and are shared by all oracles of a problem, so each query writes its sample first if
 * another one was there.
 */
import type { Backend, Kernel, StagedKernel } from "../codegen/kernel.js";
import type { Problem } from "../model/problem.js";
import type { LevelName, Query, StagedQuery } from "./engine.js";
import type { LevelGraph } from "./queries.js";
import { request, stagedRequest } from "./queries.js";
import type { SampleToken } from "./sampled.js";
import { type LiveTable, thinnedObjective } from "./sampledGraph.js";

/** Sizes and factors of the sampled sums of a level, in their order. */
export interface Profile {
  readonly sizes: readonly number[];
  readonly scales: readonly number[];
}

export interface SampledKernels {
  kernel(level: LevelName, query: Query): Kernel;
  staged(level: LevelName, query: StagedQuery): StagedKernel;
  /** Makes the kernels see a token whose terms have the profile's sizes. */
  load(token: SampleToken): void;
}

export class ThinnedKernels implements SampledKernels {
  private readonly graph: LevelGraph;
  private readonly tables: readonly (LiveTable & { readonly sum: number })[];
  private readonly compiled = new Map<Query, Kernel>();
  private loaded: SampleToken | undefined;

  constructor(
    private readonly problem: Problem,
    private readonly backend: Backend,
    level: LevelGraph,
    profile: Profile,
  ) {
    const marks = problem.samples.filter((s) => s.level === level.name);
    const thinned = new Map(
      marks.map(({ id }, k) => [id, { size: profile.sizes[k], scale: profile.scales[k] }] as const),
    );
    const { objective, tables } = thinnedObjective(problem.builder, level.objective, thinned);
    this.graph = { ...level, objective };
    this.tables = tables.map((t) => ({ ...t, sum: marks.findIndex(({ id }) => id === t.sample) }));
  }

  kernel(_: LevelName, query: Query): Kernel {
    let kernel = this.compiled.get(query);
    if (!kernel) {
      kernel = this.backend.compile(request(this.problem, this.graph, query));
      this.compiled.set(query, kernel);
    }
    return kernel;
  }

  staged(_: LevelName, query: StagedQuery): StagedKernel {
    return this.backend.compileStaged(stagedRequest(this.problem, this.graph, query));
  }

  load(token: SampleToken): void {
    if (this.loaded === token) return;
    for (const { source, live, sum } of this.tables) {
      const terms = token.terms[sum];
      const to = live.values!;
      const from = source.values;
      if (from) for (let k = 0; k < to.length; k++) to[k] = from[terms[k]];
      else for (let k = 0; k < to.length; k++) to[k] = source.start + source.step * terms[k];
    }
    this.loaded = token;
  }
}
