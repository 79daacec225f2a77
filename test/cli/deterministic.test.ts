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
