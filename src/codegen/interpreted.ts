/**
 * The back end for pages whose policy forbids evaluating text: walks the nodes in order and lets each operator evaluate
 * itself into a buffer made beforehand. Nothing is allocated per call.
 */
import { type InputBlock, type Node, sizeOf } from "../expr/node.js";
import { operatorOf } from "../ops/registry.js";
import type { Backend, Kernel, KernelRequest, StagedKernel, StagedRequest } from "./kernel.js";
import { needed } from "./walk.js";

interface Step {
  readonly node: Node;
  readonly out: Float64Array;
  readonly args: readonly Float64Array[];
  readonly evaluateInto: (out: Float64Array, args: readonly Float64Array[], node: Node) => void;
}

class Buffers {
  private readonly arrays = new Map<Node, Float64Array>();
  private readonly blocks = new Map<InputBlock, Float64Array>();

  ofBlock(block: InputBlock): Float64Array {
    let array = this.blocks.get(block);
    if (!array) {
      array = new Float64Array(block.size);
      this.blocks.set(block, array);
    }
    return array;
  }

  of(node: Node): Float64Array {
    if (node.attributes.input) return this.ofBlock(node.attributes.input);
    if (node.attributes.tensor) return node.attributes.tensor.values;
    let array = this.arrays.get(node);
    if (!array) {
      // a reshape has its operand's entries in the same order
      array = node.op === "reshape" ? this.of(node.args[0]) : new Float64Array(sizeOf(node.shape));
      if (node.attributes.value !== undefined) array[0] = node.attributes.value;
      this.arrays.set(node, array);
    }
    return array;
  }
}

function stepsOf(nodes: readonly Node[], buffers: Buffers): Step[] {
  const steps: Step[] = [];
  for (const node of nodes) {
    if (node.args.length === 0 || node.op === "reshape") continue;
    const { evaluateInto } = operatorOf(node);
    steps.push({ node, out: buffers.of(node), args: node.args.map((arg) => buffers.of(arg)), evaluateInto });
  }
  return steps;
}

/** Copies the inputs in, runs the steps, copies the outputs out. */
function walker(
  inputs: readonly Float64Array[],
  steps: readonly Step[],
  outputs: readonly Float64Array[],
  result: number,
): Kernel {
  return (...given) => {
    for (let k = 0; k < inputs.length; k++) inputs[k].set(given[k]);
    for (let k = 0; k < steps.length; k++) {
      const { evaluateInto, out, args, node } = steps[k];
      evaluateInto(out, args, node);
    }
    for (let k = 0; k < outputs.length; k++) given[inputs.length + k].set(outputs[k]);
    return result < 0 ? 0 : outputs[result][0];
  };
}

function firstScalar(outputs: readonly Node[]): number {
  return outputs.findIndex((node) => node.shape.length === 0);
}

function compile(request: KernelRequest): Kernel {
  const buffers = new Buffers();
  const steps = stepsOf(needed(request.outputs), buffers);
  const inputs = request.inputs.map((block) => buffers.ofBlock(block));
  const outputs = request.outputs.map((node) => buffers.of(node));
  return walker(inputs, steps, outputs, firstScalar(request.outputs));
}

function compileStaged(request: StagedRequest): StagedKernel {
  const buffers = new Buffers();
  const order = needed(request.outputs);
  const isLate = new Set<Node>();
  for (const node of order) {
    const { input } = node.attributes;
    if (input ? request.late.includes(input) : node.args.some((arg) => isLate.has(arg))) isLate.add(node);
  }
  const early = stepsOf(
    order.filter((node) => !isLate.has(node)),
    buffers,
  );
  const late = stepsOf(
    order.filter((node) => isLate.has(node)),
    buffers,
  );
  const outputs = request.outputs.map((node) => buffers.of(node));
  const block = (b: InputBlock) => buffers.ofBlock(b);
  return {
    prepare: walker(request.inputs.map(block), early, [], -1),
    apply: walker(request.late.map(block), late, outputs, firstScalar(request.outputs)),
  };
}

export const interpreted: Backend = { id: "interpreted", compile, compileStaged };
