/** Same seed, same bytes: two processes print the same document, seconds aside. */
import { expect, test } from "vitest";
import { blo, root } from "./command.js";

test.each(["examples/igfm/kernel.blo", "examples/minimax/robust-fit.blo", "examples/hyperparameter/ridge.blo"])(
  "%s",
  async (file) => {
    const documents: string[] = [];
    for (let k = 0; k < 2; k++) {
      const { out } = await blo(["run", file, "--json", "--seed", "3"], { cwd: root });
      documents.push(out.replaceAll(/"seconds": [^,\n]+/g, '"seconds": 0'));
    }
    expect(documents[0]).toContain('"status": "converged"');
    expect(documents[1]).toBe(documents[0]);
  },
);

test.each([["soba"], ["f3sa"], ["sustain"]])("a stochastic method, its minibatches included: %s", async (method) => {
  const documents: string[] = [];
  const file = "test/acceptance/problems/S1.blo";
  for (let k = 0; k < 2; k++) {
    const { out } = await blo(["run", file, "--method", method, "--iterations", "300", "--json", "--seed", "3"], {
      cwd: root,
    });
    documents.push(out.replaceAll(/"seconds": [^,\n]+/g, '"seconds": 0'));
  }
  expect(documents[0]).toContain(`"method": "${method}"`);
  expect(documents[1]).toBe(documents[0]);
});
