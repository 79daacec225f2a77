import { expect, test } from "vitest";
import { readyTf } from "../../src/codegen/vendor/tf.js";

test("the bundled TensorFlow.js has gradients", async () => {
  const tf = await readyTf();
  const g = tf.grad((x) => tf.sum(tf.exp(tf.square(x))));
  const d = await g(tf.tensor1d([0.3])).data();
  expect(d[0]).toBeCloseTo(0.6 * Math.exp(0.09), 6);
});
