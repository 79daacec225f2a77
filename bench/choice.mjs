/**
 * The automatic choice of methods, measured on seeded random problems:
 *   node bench/choice.mjs [--count 200] [--first 0] [--class a,b] [--seconds 5] [--solo] [--quick] [--json FILE] [--list]
 * For each class: how many plain runs end certified, and (unless --solo) the oracle calls of the plain run over those of the best
 * single method known with hindsight, among the methods named in `rivals` below that end certified with an upper objective as good
 * (to 1e-4). With --quick plain runs stop at their first certified answer. Uses dist/api.js (or the file that BLO_API names).
 *
 * What counts as a call: choiceMeasure.mjs. Written problems: choiceFiles.mjs.
 */
import { writeFileSync } from "node:fs";
import { built, flagsOf, quantile, run, show } from "./choiceMeasure.mjs";
import { choiceClasses, choiceProblem } from "./reference/choiceProblems.mjs";

const { flags } = flagsOf(process.argv);
const { compile, solve } = await built("api.js");
const count = Number(flags.get("count") ?? 200);
const first = Number(flags.get("first") ?? 0);
const seconds = Number(flags.get("seconds") ?? 5);
const wanted = flags.get("class")?.split(",") ?? choiceClasses;

const smooth = ["aid-auto", "null-aid", "ift-direct", "aid-cg", "itd", "f2ba", "galet", "bome", "v-pbgd"];
const rivals = {
  "strongly-convex": smooth,
  pl: [...smooth, "branch-and-bound"],
  linear: ["kkt-auto", "branch-and-bound", "blocc", "bic-gaffa", "lv-hba", "bvfim"],
  box: ["aid-auto", "ift-direct", "aid-cg", "itd", "f2ba", "bome", "branch-and-bound", "kkt-auto"],
  "finite-sum": ["aid-auto", "null-aid", "ift-direct", "aid-cg", "itd", "f2ba", "saba", "soba"],
  minimax: ["gda", "tt-gda", "extragradient", "ogda", "aid-auto", "f2ba"],
};

const head = [
  "class",
  "problems",
  "certified",
  "%",
  "median calls",
  "ratio to best: median",
  "90 %",
  "median s",
  "first methods",
];
console.log(head.join(" | "));
console.log(head.map(() => "---").join(" | "));
const all = {};
for (const name of wanted) {
  const rows = [];
  for (let index = first; index < first + count; index++) {
    const { problem, diagnostics } = await compile(choiceProblem(name, index), { name: `${name}-${index}.blo` });
    if (!problem) throw new Error(`${name}:${index}: ${diagnostics.map((d) => d.message).join("; ")}`);
    const plain = await run(solve, problem, { seconds, quick: flags.has("quick") });
    let best;
    if (!flags.has("solo") && plain.certified) {
      for (const method of rivals[name]) {
        const alone = await run(solve, problem, { method, seconds });
        const sense = 1e-4 * (1 + Math.abs(plain.objective));
        if (!alone.certified || alone.objective > plain.objective + sense) continue;
        if (best === undefined || alone.calls < best.calls) best = { method, calls: alone.calls };
      }
    }
    rows.push({ index, ...plain, best });
    if (!plain.certified || flags.has("list"))
      console.error(
        `  ${name}:${index} ${plain.status} by ${plain.method}, ${plain.calls} calls, best ${best?.method} ${best?.calls}: ${plain.reason}`,
      );
  }
  all[name] = rows;
  const good = rows.filter((r) => r.certified);
  const ratios = good.filter((r) => r.best?.calls > 0).map((r) => r.calls / r.best.calls);
  const by = new Map();
  for (const r of good) by.set(r.method, (by.get(r.method) ?? 0) + 1);
  const methods = [...by].sort((a, b) => b[1] - a[1]).map(([m, k]) => `${m} ${k}`);
  console.log(
    [
      name,
      count,
      good.length,
      show((100 * good.length) / count),
      show(
        quantile(
          good.map((r) => r.calls),
          0.5,
        ),
      ),
      show(quantile(ratios, 0.5)),
      show(quantile(ratios, 0.9)),
      show(
        quantile(
          rows.map((r) => r.seconds),
          0.5,
        ),
      ),
      methods.slice(0, 3).join(", "),
    ].join(" | "),
  );
}
if (flags.has("json")) writeFileSync(flags.get("json"), JSON.stringify(all, null, 1));
