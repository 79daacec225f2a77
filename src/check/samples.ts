/**
 * Sampled sums: an estimate from a batch is unbiased only where the objective is linear in the sum, and constraints are
 * never sampled. Keeps the marks that an objective reads.
 */
import { type Diagnostic, diagnostic } from "../base/diagnostic.js";
import type { Node } from "../expr/node.js";
import type { Problem, SampleMark } from "../model/problem.js";
import { type Sampling, samplingOf } from "../model/sampleAxes.js";

export function readSamples(problem: Problem): readonly SampleMark[] {
  const objectives = [problem.upper, ...problem.lowers].map((l) => l.objective);
  const { ids } = samplingOf(objectives);
  return problem.samples.filter((s) => objectives.some((o) => ids.get(o)?.has(s.id)));
}

export function checkSamples(problem: Problem): Diagnostic[] {
  const levels = [problem.upper, ...problem.lowers];
  const found: Diagnostic[] = [];
  for (const { constraints, objective } of levels) {
    for (const { body } of constraints) {
      for (const id of samplingOf([body]).ids.get(body) ?? []) {
        found.push(diagnostic("BLO0514", {}, { span: markOf(problem, id)?.span }));
      }
    }
    for (const [id, sense] of nonlinearUses(objective)) {
      found.push(diagnostic("BLO0513", { sense }, { span: markOf(problem, id)?.span }));
    }
  }
  return found;
}

function markOf(problem: Problem, id: number): SampleMark | undefined {
  return problem.samples.find((s) => s.id === id);
}

const linear = new Set(["add", "sub", "neg", "sum", "broadcast", "reshape", "transpose", "take", "put", "concat"]);
const bilinear = new Set(["mul", "contract"]);

/** Samples whose sum an objective depends on other than linearly, with words for what is around it. */
function nonlinearUses(objective: Node): ReadonlyMap<number, string> {
  const sampling = samplingOf([objective]);
  const found = new Map<number, string>();
  const seen = new Set<Node>();
  const stack = [objective];
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (seen.has(node) || !sampling.ids.has(node)) continue;
    seen.add(node);
    const sums = node.args.filter((a) => sampling.ids.has(a));
    const reduced = sums.some((a) => sampling.axes.has(a));
    if (reduced) continue;
    const passes = linear.has(node.op) || (sums.length === 1 && passesOne(node, sums[0]));
    if (passes) stack.push(...sums);
    else for (const id of idsBelow(sampling, sums)) found.set(id, `inside \`${node.op}\``);
  }
  return found;
}

function passesOne(node: Node, sum: Node): boolean {
  return bilinear.has(node.op) || (node.op === "div" && node.args[0] === sum);
}

function idsBelow(sampling: Sampling, nodes: readonly Node[]): Set<number> {
  return new Set(nodes.flatMap((n) => [...(sampling.ids.get(n) ?? [])]));
}
