/**
 * The one door to TensorFlow.js: core, the gradients of its operators and the CPU kernels (float32). tfjs-core registers
 * no gradients by itself in Node, and the module that does has no address that plain Node resolves, so this file only
 * works bundled: the build and the test runner both bundle it (scripts/vendor.mjs). Import it lazily.
 */
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-core/dist/register_all_gradients.js";
import "@tensorflow/tfjs-backend-cpu";

/** Truth values are constant almost everywhere, but tfjs-core has no gradient for most of them: a `select` would throw. */
for (const kernelName of [
  "Equal",
  "NotEqual",
  "Less",
  "LessEqual",
  "Greater",
  "LogicalAnd",
  "LogicalOr",
  "LogicalNot",
]) {
  if (tf.getGradient(kernelName)) continue;
  const inputsToSave = kernelName === "LogicalNot" ? ["x"] : ["a", "b"];
  tf.registerGradient({
    kernelName,
    inputsToSave,
    gradFunc: (_, saved) => Object.fromEntries(inputsToSave.map((name, i) => [name, () => tf.zeros(saved[i].shape)])),
  });
}

/** TensorFlow.js ready for use: CPU back end selected, production mode. Throws a plain Error if the back end cannot start. */
export async function readyTf(): Promise<typeof tf> {
  tf.enableProdMode();
  if (!(await tf.setBackend("cpu"))) throw new Error("the CPU back end of TensorFlow.js did not start");
  await tf.ready();
  return tf;
}
