/** Sampled sums: marks, positions that can be exchanged, and the value, which does not change. */
import { describe, expect, test } from "vitest";
import type { Node } from "../../src/expr/node.js";
import { topological } from "../../src/expr/walk.js";
import { samplingOf } from "../../src/model/sampleAxes.js";
import { problemOf, valueAt } from "./compile.js";

const declarations = `param A = [[1, 2], [3, 4], [5, 6], [7, 8], [9, 1]]
param b = [1, 2, 3, 4, 5]
param label = [1, 2, 2, 1, 2]
set Train = [5, 1, 3, 4]
fn softmaxLoss(z, k) = logsumexp(z) - z[k]
`;
const text = (upper: string, lower: string): string => `${declarations}
upper { var x[5] ; minimize ${upper} }
lower { var w[2] ; var V[2, 2] ; minimize ${lower} }`;
const x = [0.1, 0.2, 0.3, 0.4, 0.5];
const y = [0.5, -0.25, 0.1, 0.2, 0.3, 0.4];

const upper = "mean(i in 1..5 batch 2: (A[i, :] * w - b[i])^2)";
const terms = [
  "mean(i in Train batch 2: (A[i, :] * w - b[i])^2 * sigmoid(x[i]))",
  "sum(i in Train batch 3: if i > 1 then sqrt(i - 1) * w[1] else 0)",
  "mean(i in 1..5 batch 2: softmaxLoss(V * A[i, :], label[i]))",
  "mean(i in 1..5 batch 2: crossentropy(V * A[i, :], label[i]))",
  "sum(i in 1..4 batch 2: sumsq(b[i:i + 1]) * w[1])",
  "sum(i in 1..2, j in 1..2 batch 3: A[i, j] * V[i, j])",
  "sum(i in 1..5, j in 1..2 where i != j batch 3: A[i, j] * w[j])",
  "sum(i in 1..2 batch 1: V[i, i] * w[i])",
];

/** Takes whose positions a sampler may exchange. */
function live(root: Node): Node[] {
  return topological([root]).filter((n) => n.attributes.index?.sample !== undefined);
}

describe("marks", () => {
  test.each(terms)("%s", async (term) => {
    const problem = await problemOf(text(upper, `sumsq(w) + ${term}`));
    const plain = await problemOf(text(upper, `sumsq(w) + ${term.replace(/ batch \d/, "")}`));
    expect(valueAt(problem, problem.lowerObjective, x, y)).toBeCloseTo(valueAt(plain, plain.lowerObjective, x, y), 12);
    expect(problem.samples.map((s) => s.level)).toEqual(["upper", "lower"]);
    const [, mark] = problem.samples;
    expect(mark.batch).toBe(Number(/batch (\d)/.exec(term)![1]));
    const reads = live(problem.lowerObjective);
    expect(reads.length).toBeGreaterThan(0);
    for (const { attributes } of reads) {
      expect(attributes.index!.sample).toBe(mark.id);
      expect(attributes.index!.size).toBe(mark.terms);
    }
    // Nothing with the length of the sample survives unmarked: every node over the terms is known as such.
    const { axes } = samplingOf([problem.lowerObjective]);
    expect(axes.has(problem.lowerObjective)).toBe(false);
    expect(plain.samples.filter((s) => s.level === "lower")).toEqual([]);
  });

  test("a name with a sampled sum draws anew for each level that uses it", async () => {
    const problem = await problemOf(
      text("fit + sumsq(x)", "fit + sumsq(w)").replace(
        "upper {",
        "let fit = mean(i in 1..5 batch 2: (A[i, :] * w - b[i])^2)\nupper {",
      ),
    );
    expect(problem.samples.map((s) => s.level)).toEqual(["upper", "lower"]);
  });

  test("exchanged positions give the terms of these positions", async () => {
    for (const term of terms.slice(0, 4)) {
      const problem = await problemOf(text(upper, term));
      const [, mark] = problem.samples;
      const total = valueAt(problem, problem.lowerObjective, x, y);
      // Each position in turn stands for all: the average of these values is the whole.
      let sum = 0;
      for (let k = 0; k < mark.terms; k++) {
        const only = resampled(problem.lowerObjective, problem.builder, k);
        sum += valueAt(problem, only, x, y);
      }
      expect(sum / mark.terms).toBeCloseTo(total, 11);
    }
  });
});

/** The same graph with every sampled position replaced by the k-th. */
function resampled(root: Node, b: Awaited<ReturnType<typeof problemOf>>["builder"], k: number): Node {
  const made = new Map<Node, Node>();
  for (const node of topological([root])) {
    const args = node.args.map((a) => made.get(a)!);
    const { index } = node.attributes;
    const attributes =
      index?.sample === undefined
        ? node.attributes
        : {
            ...node.attributes,
            index: b.graph.positions(
              new Array(index.size).fill(index.values ? index.values[k] : index.start + k * index.step),
              1000 + k,
            ),
          };
    made.set(node, node.args.length === 0 ? node : b.graph.make(node.op, args, node.shape, attributes));
  }
  return made.get(root)!;
}
