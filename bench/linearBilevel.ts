/** The measurements of linearBilevel.mjs. */
import { compile } from "../src/api.js";
import { interpreted } from "../src/codegen/backend.js";
import { BranchAndBound } from "../src/lp/branchAndBound.js";
import { loadLinearSolver } from "../src/lp/linearModel.js";
import type { Search } from "../src/lp/search.js";
import { SeparableSearch } from "../src/lp/separableSearch.js";
import { affineComplementarity } from "../src/reform/affineComplementarity.js";
import { LowerResponse } from "../src/reform/lowerResponse.js";
import { asText, linearBilevel } from "./linearBilevelProblems.mjs";

export interface Wanted {
  readonly families: readonly string[];
  readonly sizes: readonly string[];
  readonly seeds: number;
  readonly first: number;
  readonly seconds: number;
  readonly general: boolean;
}

const widths = [22, 9, 10, 10, 10, 11, 12, 15, 15];
const line = (cells: readonly string[]): string => cells.map((c, i) => c.padEnd(widths[i])).join("");

export async function main(wanted: Wanted): Promise<void> {
  await loadLinearSolver();
  console.log(line(["problem", "nodes", "programs", "wall s", "CPU s", "gap", "status", "value", "bound"]));
  for (const family of wanted.families) {
    for (const size of wanted.sizes) {
      const [n, m, rows] = size.includes("+")
        ? size.split(/[+/]/).map(Number)
        : [Number(size), Number(size), Math.round(1.2 * Number(size))];
      for (let seed = wanted.first; seed < wanted.first + wanted.seeds; seed++) {
        await measure(linearBilevel({ family, n, m, rows, seed }), wanted);
      }
    }
  }
}

async function measure(made: ReturnType<typeof linearBilevel>, { seconds, general }: Wanted): Promise<void> {
  const { problem } = await compile(asText(made));
  if (problem === undefined) throw new Error(`${made.name} does not compile`);
  const found = affineComplementarity(problem, interpreted);
  if (typeof found === "string") throw new Error(found);
  const began = performance.now();
  const used = process.cpuUsage();
  const wall = (): number => (performance.now() - began) / 1000;
  const spent = (): number => {
    const { user, system } = process.cpuUsage(used);
    return (user + system) / 1e6;
  };
  const response = new LowerResponse(found);
  const search: Search =
    (general ? undefined : SeparableSearch.of(found.program, found)) ??
    new BranchAndBound(found.program, found, (u) => response.answer(u));
  while (search.status === "searching" && spent() < seconds) search.step();
  const cpu = spent();
  const { nodes, programs, gap, status, objective, bound } = search;
  console.log(
    line([
      made.name,
      String(nodes),
      String(programs),
      wall().toFixed(2),
      cpu.toFixed(2),
      gap.toExponential(1),
      status,
      objective.toFixed(6),
      bound.toFixed(6),
    ]),
  );
  response.dispose();
  search.dispose();
}
