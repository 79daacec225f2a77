/**
 * The automatic choice of methods on written problems: a plain run beside every single method that fits, each with its default options.
 *   node bench/choiceFiles.mjs PATH … [--known FILE] [--seconds 20] [--rival-seconds 2] [--rows FILE] [--solo] [--list]
 * A PATH is a problem or a folder of them; each PATH is a line of the table. Without one: examples/.
 *
 *   answered   certified, or a finding that there is no solution; with --known also at the best known value (1 %, or better)
 *   best       the single method with the fewest calls among those that end certified, with an upper objective at most 1 % above the
 *              plain run's (times max(1, |f|))
 *
 * A rival stops where it has used as many calls as the plain run or the best rival so far: dearer ones cannot be the best. So a ratio
 * of 1 stands for "no single method is cheaper". --rows FILE: a line of JSON for each problem, and what is there is not run again.
 * What counts as a call: choiceMeasure.mjs.
 */
import { appendFileSync, existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { built, flagsOf, quantile, run, show } from "./choiceMeasure.mjs";

const { flags, words } = flagsOf(process.argv);
const { solve, methods } = await built("api.js");
const { compileFile } = await built("node.js");
const seconds = Number(flags.get("seconds") ?? 20);
const rivalSeconds = Number(flags.get("rival-seconds") ?? 2);
const solo = flags.has("solo");
const known = new Map(
  flags.has("known") ? JSON.parse(readFileSync(flags.get("known"), "utf8")).map((r) => [r.name, r.bestF]) : [],
);
const paths = words.length > 0 ? words : [fileURLToPath(new URL("../examples", import.meta.url))];
const rowsFile = flags.get("rows");
const before = new Map(
  rowsFile && existsSync(rowsFile)
    ? readFileSync(rowsFile, "utf8")
        .split("\n")
        .filter(Boolean)
        .map((line) => JSON.parse(line))
        .map((row) => [row.file, row])
    : [],
);

function problemsIn(path) {
  if (!statSync(path).isDirectory()) return [path];
  const names = readdirSync(path, { recursive: true }).filter((name) => name.endsWith(".blo"));
  return names.sort().map((name) => join(path, name));
}

/** Cheap ones first: what they need is the limit of those that follow. */
const early = [
  "branch-and-bound",
  "ift-direct",
  "aid-auto",
  "null-aid",
  "aid-cg",
  "itd",
  "kkt-sensitivity",
  "gda",
  "f2ba",
];
const order = [
  ...early,
  ...methods()
    .map((m) => m.id)
    .filter((id) => !early.includes(id)),
];

const noSolution = new Set(["infeasible", "unbounded", "not-attained"]);

async function measured(file) {
  const { problem: written, diagnostics } = await compileFile(file);
  if (!written) throw new Error(`${file}: ${diagnostics.map((d) => d.message).join("; ")}`);
  // a method that the file names is no choice of ours
  const problem = { ...written, solve: { ...written.solve, method: undefined, options: {} } };
  const plain = await run(solve, problem, { seconds });
  const sign = problem.upper.sense === "maximize" ? -1 : 1;
  const allowed = 0.01 * Math.max(1, Math.abs(plain.objective));
  const best = known.get(problem.name) ?? known.get(basename(file, ".blo"));
  const reached =
    best === undefined || best === null
      ? undefined
      : sign * (plain.objective - best) <= 0.01 * Math.max(1, Math.abs(best));
  const row = { file, ...plain, reached, rivals: [] };
  const proved = noSolution.has(plain.status);
  let limit = Math.max(plain.calls, 1);
  for (const method of solo || proved ? [] : order) {
    const alone = await run(solve, problem, {
      method,
      seconds: rivalSeconds,
      calls: plain.certified ? limit : undefined,
    });
    if (alone.status === "not-applicable") continue;
    const good = alone.certified && (!plain.certified || sign * (alone.objective - plain.objective) <= allowed);
    if (good || alone.certified)
      row.rivals.push({ method, good, calls: alone.calls, objective: alone.objective, seconds: alone.seconds });
    if (good && plain.certified) limit = Math.max(1, Math.min(limit, alone.calls));
  }
  return row;
}

function bestOf(row) {
  return row.rivals.filter((r) => r.good).sort((a, b) => a.calls - b.calls)[0];
}

const head = [
  "problems",
  "answered",
  "%",
  "median calls",
  "ratio to best: median",
  "90 %",
  "largest",
  "median s",
  "largest s",
];
console.log(["", ...head].join(" | "));
console.log(["", ...head].map(() => "---").join(" | "));
for (const path of paths) {
  const rows = [];
  for (const file of problemsIn(path)) {
    let row = before.get(file);
    if (row === undefined) {
      row = await measured(file);
      if (rowsFile) appendFileSync(rowsFile, `${JSON.stringify(row)}\n`);
    }
    row.answered = (row.certified && row.reached !== false) || noSolution.has(row.status);
    const best = bestOf(row);
    row.ratio =
      best === undefined || !row.certified
        ? Number.NaN
        : Math.max(row.calls, 1) / Math.max(Math.min(best.calls, row.calls), 1);
    rows.push(row);
    if (!row.answered || row.ratio > 3 || flags.has("list")) {
      const tried = (row.tried ?? []).map((t) => `${t.method} ${t.status}`).join(", ");
      console.error(
        `  ${file}: ${row.status}${row.reached === false ? ", above the best known value" : ""}, ${row.calls} calls, ${show(row.seconds)} s (${tried}); best ${best?.method} ${best?.calls}, ratio ${show(row.ratio)}${row.answered ? "" : `: ${row.reason}`}`,
      );
    }
  }
  const good = rows.filter((r) => r.answered);
  const ratios = rows.map((r) => r.ratio).filter(Number.isFinite);
  const times = rows.map((r) => r.seconds);
  const line = [
    basename(path),
    rows.length,
    good.length,
    show((100 * good.length) / rows.length),
    show(
      quantile(
        good.map((r) => r.calls),
        0.5,
      ),
    ),
    show(quantile(ratios, 0.5)),
    show(quantile(ratios, 0.9)),
    show(quantile(ratios, 1)),
    show(quantile(times, 0.5)),
    show(quantile(times, 1)),
  ];
  console.log(line.join(" | "));
}
