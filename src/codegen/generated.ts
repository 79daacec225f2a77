/** The back end that emits JavaScript: text made of counters, slots, operators' own texts and printed numbers only. */
import { compileDescent } from "./descent.js";
import { defaultLimits, emit, type Limits } from "./emit.js";
import type { Backend, KernelRequest, KernelStatistics } from "./kernel.js";
import { kernelSource, link } from "./link.js";
import { Normaliser } from "./normalise.js";
import { emitStaged } from "./staged.js";

/** A generating back end with limits of its own: tests force loops (axis: 0) or straight-line code this way. */
export function generatedWith(change: Partial<Limits>): Backend {
  const limits = { ...defaultLimits, ...change };
  return {
    id: "generated",
    compile: (request) => link(emit({ ...request, limits }, new Normaliser())),
    compileStaged: (request) => {
      const { prepare, apply } = emitStaged(request, limits);
      return { prepare: link(prepare), apply: link(apply) };
    },
    compileDescent,
  };
}

export const generated: Backend = generatedWith({});

/** The text that `generated` would evaluate. */
export function sourceOf(request: KernelRequest, change: Partial<Limits> = {}): string {
  return kernelSource(emit({ ...request, limits: { ...defaultLimits, ...change } }, new Normaliser()));
}

/** Size of the code for a request: for reports and tests. */
export function statistics(request: KernelRequest, change: Partial<Limits> = {}): KernelStatistics {
  return emit({ ...request, limits: { ...defaultLimits, ...change } }, new Normaliser()).statistics;
}
