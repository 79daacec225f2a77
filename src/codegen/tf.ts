/**
 * Evaluates expression graphs on TensorFlow.js (float32) and differentiates them by its own reverse mode: an engine that
 * shares no rule with ours, used to check derivatives. First order only: nested `tf.grad` is silently wrong for exp,
 * sigmoid, tanh, softmax and pow.
 */
import type { InputBlock, Node } from "../expr/node.js";
import { inputsOf, topological } from "../expr/walk.js";
import type { Tf, TfTensor } from "../ops/operator.js";
import { operatorOf } from "../ops/registry.js";

/** Loads TensorFlow.js with its CPU back end (about 40 ms once). */
export async function loadTf(): Promise<Tf> {
  const { readyTf } = await import("./vendor/tf.js");
  return readyTf();
}

/** The tensors of `outputs` given those of the inputs; each node is computed once. */
export function evaluateTf(
  tf: Tf,
  outputs: readonly Node[],
  inputs: ReadonlyMap<InputBlock, TfTensor>,
): readonly TfTensor[] {
  const values = new Map<Node, TfTensor>();
  for (const node of topological(outputs)) values.set(node, tensorOf(tf, node, values, inputs));
  return outputs.map((node) => values.get(node)!);
}

function tensorOf(
  tf: Tf,
  node: Node,
  values: ReadonlyMap<Node, TfTensor>,
  inputs: ReadonlyMap<InputBlock, TfTensor>,
): TfTensor {
  if (node.op === "input") {
    const tensor = inputs.get(node.attributes.input!);
    if (!tensor) throw new Error(`no value for the input ${node.attributes.input?.name}`);
    return tensor;
  }
  const operator = operatorOf(node);
  // Scalars among the operands are repeated here: some gradients of TensorFlow.js forget that it broadcasts.
  const repeat = operator.family === "elementwise" && node.shape.length > 0;
  const args = node.args.map((a) =>
    repeat && a.shape.length === 0 ? tf.broadcastTo(values.get(a)!, [...node.shape]) : values.get(a)!,
  );
  return operator.tf(tf, args, node);
}

/**
 * d scalar / d block for each of `wrt`, by `tf.grads`. Values are rounded to float32, so expect about 1e-6 of the
 * largest intermediate value. A block that the scalar does not depend on gives zeros.
 */
export async function tfGradient(
  tf: Tf,
  scalar: Node,
  wrt: readonly InputBlock[],
  at: ReadonlyMap<InputBlock, Float64Array>,
): Promise<readonly Float64Array[]> {
  const used = inputsOf([scalar]);
  const moving = wrt.filter((block) => used.includes(block));
  const found = new Map<InputBlock, Float64Array>();
  if (moving.length > 0) {
    const tensor = (block: InputBlock): TfTensor => tf.tensor1d(Float32Array.from(at.get(block)!));
    const results = tf.tidy(() => {
      const fixed = [...used]
        .filter((block) => !moving.includes(block))
        .map((block) => [block, tensor(block)] as const);
      const grads = tf.grads((...tensors: TfTensor[]) => {
        const inputs = new Map([...fixed, ...moving.map((block, i) => [block, tensors[i]] as const)]);
        return tf.reshape(evaluateTf(tf, [scalar], inputs)[0], []);
      });
      return grads(moving.map(tensor));
    });
    for (const [i, block] of moving.entries()) {
      found.set(block, Float64Array.from(await results[i].data()));
      results[i].dispose();
    }
  }
  return wrt.map((block) => found.get(block) ?? new Float64Array(block.size));
}
