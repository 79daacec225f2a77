/** What `blo explain` says of presolve: formulas, where the reduced objective is smallest, what is left, and bounds that follow. */
import { describe, expect, test } from "vitest";
import { compile } from "../../src/api.js";
import { presolveTopic } from "../../src/explain/topics/presolve.js";

async function linesOf(text: string): Promise<string[]> {
  const { problem } = await compile(text);
  const section = presolveTopic({ problem: problem!, method: undefined, seed: 1, params: undefined })!;
  return section.blocks.flatMap((block) =>
    block.kind === "text"
      ? [block.text]
      : block.kind === "facts"
        ? block.rows.map((row) => `${row.term}: ${row.value}`)
        : block.kind === "formula"
          ? [`${block.name}: ${block.formula.text}`]
          : [],
  );
}

describe("the section on presolve", () => {
  test("a quadratic lower level: its solution, the reduced objective, and where that is smallest", async () => {
    const text =
      "upper { var x ; minimize 7x^2 - 12x*y + 4y^2 - 30x + 4y - 2 }\nlower { var y ; minimize 4y^2 - 4x*y + x^2 + 17 }";
    expect(await linesOf(text)).toEqual([
      "lower solution: y = x/2",
      "what the upper level sees: F = 2x^2 - 28x - 2",
      "smallest at: x = 7",
      "What is left: 1 upper variable, 0 of 1 lower variable.",
    ]);
  });

  test("a formula that is found after other steps, and bounds that follow", async () => {
    const text = `upper { var x ; maximize x - x^2 + y
  subject to
    cap: x <= 4
    floor: x >= -2 }
lower { var y
  minimize (y - x)^2
  subject to
    room: y >= -2x - 6 }`;
    expect(await linesOf(text)).toEqual([
      "bound-rows: x <= 4: the constraint cap as a bound.",
      "bound-rows: x >= -2: the constraint floor as a bound.",
      "lower-formula: y = x, by the lower level.",
      "What is left: 1 upper variable, 0 of 1 lower variable, 0 of 3 constraint rows.",
      "what the upper level sees: F = -x^2 + 2x",
      "largest at: x = 1",
      "Bounds that follow from the constraints:",
      "x: in [-2, 4]",
      "y: in [-14, inf]",
    ]);
  });

  test("contradictions are told", async () => {
    const lines = await linesOf(`upper { var x in [0, 1] ; minimize x + y
  subject to
    far: x + y >= 9 }
lower { var y in [0, 2] ; minimize y^4 - x*y }`);
    expect(lines.at(-1)).toBe("The constraints contradict each other: bounds on what they allow leave nothing at far.");
  });
});
