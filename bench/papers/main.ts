/** The command: runs the experiments named, prints their numbers beside the published ones, writes figures; --docs the page. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { drawSvg } from "../../src/report/vega.js";
import type { Experiment, Findings } from "./experiment.js";
import { experiments } from "./list.js";
import { findingsText } from "./markdown.js";
import { withPart } from "./page.js";

const usage = `node bench/papers.mjs NAME … | all  [--out DIR] [--quick] [--docs]
  --out DIR   where figures and numbers go (default bench/out/papers)
  --quick     fewer points and seeds: seconds in place of minutes
  --docs      also writes the tables into docs/experiments.md
`;

async function write(folder: string, experiment: Experiment, found: Findings): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const { name, spec } of found.figures) {
    const path = join(folder, `${name}.svg`);
    writeFileSync(path, await drawSvg(spec));
    process.stdout.write(`${path}\n`);
  }
  const { findings, tables } = found;
  writeFileSync(join(folder, `${experiment.id}.json`), `${JSON.stringify({ findings, tables }, null, 2)}\n`);
}

export async function main(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      out: { type: "string", default: fileURLToPath(new URL("../out/papers", import.meta.url)) },
      quick: { type: "boolean", default: false },
      docs: { type: "boolean", default: false },
    },
  });
  const chosen = experiments.filter((e) => positionals.includes("all") || positionals.includes(e.id));
  const unknown = positionals.filter((p) => p !== "all" && !experiments.some((e) => e.id === p));
  if (chosen.length === 0 || unknown.length > 0) {
    if (unknown.length > 0) process.exitCode = 2;
    const list = experiments.map((e) => `  ${e.id.padEnd(18)}${e.title}`).join("\n");
    process.stdout.write(`${usage}${unknown.map((u) => `there is no experiment ${u}\n`).join("")}\n${list}\n`);
    return;
  }
  for (const experiment of chosen) {
    const found = await experiment.run({ quick: values.quick });
    const text = findingsText(experiment, found);
    process.stdout.write(`${text}\n\n`);
    await write(values.out, experiment, found);
    process.stdout.write("\n");
    if (values.docs && !(values.quick && !experiment.same)) {
      const page = new URL("../../docs/experiments.md", import.meta.url);
      writeFileSync(page, withPart(readFileSync(page, "utf8"), experiment.id, text));
    }
  }
}
