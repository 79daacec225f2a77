/**
 * Draws docs/images/toll.svg: what the toll operator of examples/stackelberg/toll.blo earns at each toll once drivers have
 * answered (the hyper-objective; the lower level solved by Blo at every point of a grid), the tolls that the method tried,
 * and the certified solution. `npm run build` first; run by hand: `node scripts/picture.mjs`.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as vega from "vega";
import { compile as compileChart } from "vega-lite";
import { compile, iterate, solve } from "../dist/api.js";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const target = join(root, "docs", "images", "toll.svg");
const [first, last, steps, start] = [0, 3, 60, 1.9];

const source = readFileSync(join(root, "examples", "stackelberg", "toll.blo"), "utf8");
const problem = await compiled(source);

/** Earnings at a fixed toll: the same problem, its toll confined to that one value. */
async function earnings(toll) {
  const fixed = await compiled(source.replace(/var toll in \[[^\]]*\]/, `var toll in [${toll}, ${toll}]`));
  const { upper, values } = await solve(fixed, { tolerance: 1e-8 });
  if (Math.abs(values.toll - toll) > 1e-9) throw new Error(`toll ${values.toll} in place of ${toll}`);
  return upper.objective;
}

async function compiled(text) {
  const { problem, diagnostics } = await compile(text, { name: "toll.blo" });
  if (!problem) throw new Error(diagnostics.map((d) => d.message).join("\n"));
  return problem;
}

const curve = [];
for (let i = 0; i <= steps; i++) {
  const toll = first + ((last - first) * i) / steps;
  curve.push({ toll, earned: await earnings(toll) });
}

const tried = [];
const run = iterate(problem, { start: { toll: start } });
let next = await run.next();
for (; !next.done; next = await run.next()) {
  const toll = next.value.x[0];
  tried.push({ toll, earned: await earnings(toll), order: tried.length });
}
const { values, upper, status } = next.value;
if (status !== "converged") throw new Error(`the run ended ${status}`);
const solution = { toll: values.toll, earned: upper.objective };

const x = {
  field: "toll",
  type: "quantitative",
  title: "toll, minutes",
  scale: { domain: [first, last], nice: false },
};
const y = {
  field: "earned",
  type: "quantitative",
  title: "earned by the operator",
  scale: { domain: [0, 1.8], nice: false },
  axis: { values: [0, 0.5, 1, 1.5] },
};
const text = (point, words, offsets) => ({
  data: { values: [point] },
  mark: { type: "text", text: words, align: "left", fontSize: 13, color: "#333", ...offsets },
  encoding: { x, y },
});
const chart = compileChart({
  $schema: "https://vega.github.io/schema/vega-lite/v6.json",
  background: "white",
  width: 620,
  height: 260,
  padding: 14,
  config: {
    font: "Helvetica, Arial, sans-serif",
    axis: {
      labelFontSize: 12,
      titleFontSize: 13,
      titleFontWeight: "normal",
      labelColor: "#555",
      titleColor: "#333",
      tickCount: 6,
      gridColor: "#eee",
      domainColor: "#999",
      tickColor: "#999",
      titlePadding: 8,
    },
    view: { stroke: null },
  },
  layer: [
    { data: { values: curve }, mark: { type: "line", color: "#2f6db3", strokeWidth: 2.5 }, encoding: { x, y } },
    { data: { values: tried }, mark: { type: "circle", color: "#c8553d", size: 70, opacity: 1 }, encoding: { x, y } },
    {
      data: { values: [solution] },
      mark: { type: "point", shape: "circle", color: "#1d1d1d", size: 330, strokeWidth: 2, filled: false, opacity: 1 },
      encoding: { x, y },
    },
    text(tried[0], "start", { dx: 10, dy: -4 }),
    ...tried.slice(1, -1).map((p) => text(p, `step ${p.order}`, { align: "center", dx: 0, dy: 20 })),
    text(solution, "certified solution", { align: "center", dx: 0, dy: -20 }),
  ],
}).spec;
const view = new vega.View(vega.parse(chart), { renderer: "none" });
writeFileSync(target, `${await view.toSVG()}\n`);
view.finalize();
console.log(
  `${target}: ${curve.length} tolls, ${tried.length} tried, solution ${solution.toll} earns ${solution.earned}`,
);
console.log(tried.map((p) => `${p.toll.toFixed(4)} ${p.earned.toFixed(5)}`).join("\n"));
