/**
 * Evaluation of graphs over boxes (natural interval extension) and at points, by the operators' own rules. Nodes are put
 * in order once; what depends on the fixed blocks only is computed by `prepare`, the rest by each `over` or `at`. All
 * arrays are made when the program is.
 */
import { type InputBlock, type Node, sizeOf } from "../expr/node.js";
import { dependents, topological } from "../expr/walk.js";
import { UNDEFINED } from "../num/interval.js";
import type { IntervalArguments, Intervals, Operator } from "../ops/operator.js";
import { operatorOf } from "../ops/registry.js";

type Vector = Float64Array;

interface Step {
  readonly node: Node;
  readonly operator: Operator;
  readonly out: Intervals;
  readonly args: IntervalArguments;
}

/** Values of fixed input blocks. */
export type Fixed = readonly (readonly [InputBlock, Vector])[];

export class IntervalProgram {
  /** Bounds of each output, rewritten by `over`. */
  readonly outputs: readonly Intervals[];
  private readonly first: readonly Step[];
  private readonly rest: readonly Step[];
  private readonly inputs: ReadonlyMap<InputBlock, Intervals>;
  private readonly variables: InputBlock;

  /** `variables` is the block that boxes are given for. */
  constructor(outputs: readonly Node[], variables: InputBlock) {
    this.variables = variables;
    const moving = dependents(outputs, [variables]);
    const values = new Map<Node, Intervals>();
    const inputs = new Map<InputBlock, Intervals>();
    const first: Step[] = [];
    const rest: Step[] = [];
    for (const node of topological(outputs)) {
      const out = intervals(sizeOf(node.shape));
      values.set(node, out);
      const { input } = node.attributes;
      if (input) {
        inputs.set(input, out);
        continue;
      }
      const args = node.args.map((a) => values.get(a)!);
      (moving.has(node) ? rest : first).push({
        node,
        operator: operatorOf(node),
        out,
        args: { lo: args.map((a) => a.lo), hi: args.map((a) => a.hi), flags: args.map((a) => a.flags) },
      });
    }
    this.outputs = outputs.map((node) => values.get(node)!);
    this.first = first;
    this.rest = rest;
    this.inputs = inputs;
  }

  /** Sets blocks that stay and computes what depends on them alone. A value that is not a number is undefined. */
  prepare(fixed: Fixed): void {
    for (const [block, values] of fixed) {
      const into = this.inputs.get(block);
      if (into === undefined) continue;
      into.lo.set(values);
      into.hi.set(values);
      for (let i = 0; i < values.length; i++) {
        if (!Number.isNaN(values[i])) continue;
        into.lo[i] = Number.NEGATIVE_INFINITY;
        into.hi[i] = Number.POSITIVE_INFINITY;
        into.flags[i] = UNDEFINED;
      }
    }
    run(this.first);
  }

  /** Bounds of the outputs over lo <= y <= hi. */
  over(lo: Vector, hi: Vector): void {
    const into = this.inputs.get(this.variables);
    if (into !== undefined) {
      into.lo.set(lo);
      into.hi.set(hi);
    }
    run(this.rest);
  }
}

function run(steps: readonly Step[]): void {
  for (let k = 0; k < steps.length; k++) {
    const { operator, out, args, node } = steps[k];
    operator.intervalInto(out, args, node);
  }
}

function intervals(size: number): Intervals {
  return { lo: new Float64Array(size), hi: new Float64Array(size), flags: new Float64Array(size) };
}

interface PointStep {
  readonly node: Node;
  readonly operator: Operator;
  readonly out: Vector;
  readonly args: readonly Vector[];
}

/** The same graphs at points, in plain floating point. */
export class PointProgram {
  readonly outputs: readonly Vector[];
  private readonly steps: readonly PointStep[];
  private readonly inputs: ReadonlyMap<InputBlock, Vector>;

  constructor(outputs: readonly Node[]) {
    const values = new Map<Node, Vector>();
    const inputs = new Map<InputBlock, Vector>();
    const steps: PointStep[] = [];
    for (const node of topological(outputs)) {
      const out = new Float64Array(sizeOf(node.shape));
      values.set(node, out);
      if (node.attributes.input) inputs.set(node.attributes.input, out);
      else steps.push({ node, operator: operatorOf(node), out, args: node.args.map((a) => values.get(a)!) });
    }
    this.outputs = outputs.map((node) => values.get(node)!);
    this.steps = steps;
    this.inputs = inputs;
  }

  set(block: InputBlock, values: Vector): void {
    this.inputs.get(block)?.set(values);
  }

  run(): void {
    for (let k = 0; k < this.steps.length; k++) {
      const { operator, out, args, node } = this.steps[k];
      operator.evaluateInto(out, args, node);
    }
  }
}
