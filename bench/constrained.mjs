/**
 * Plain runs on seeded random problems with constraints at both levels, against brute force (reference/constrained.mjs):
 *   node bench/constrained.mjs [--count 10] [--class a,b] [--seconds 20] [--seed 1] [--only CLASS:INDEX] [--method ID] [--list]
 * Uses dist/api.js, or the file that BLO_API names. References are kept in bench/out/constrained.json by text.
 *   right   within 1 % of brute force or better, certified      unsure  the same, not certified
 *   local   certified, worse than brute force                   failed  not certified and not right
 *   WRONG   certified, but y is no lower solution there, a row is violated, or a neighbour of x is clearly better
 *   beaten  the run's lower value is below that of the reference, which therefore says nothing
 * Seconds are of the processor.
 *   none    brute force found no feasible point and neither did the run
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { bruteForce, judge } from "./reference/constrained.mjs";
import { classes, generate } from "./reference/constrainedProblems.mjs";

const flags = new Map();
for (let i = 2; i < process.argv.length; i++) {
  const name = process.argv[i].replace(/^--/, "");
  const value = process.argv[i + 1];
  if (value === undefined || value.startsWith("--")) flags.set(name, true);
  else flags.set(name, process.argv[++i]);
}
const api = process.env.BLO_API
  ? resolve(process.env.BLO_API)
  : fileURLToPath(new URL("../dist/api.js", import.meta.url));
const { compile, solve } = await import(pathToFileURL(api).href);
const out = fileURLToPath(new URL("out/", import.meta.url));
const store = `${out}constrained.json`;
const seconds = Number(flags.get("seconds") ?? 20);
const count = Number(flags.get("count") ?? 10);
const seed = Number(flags.get("seed") ?? 1);

const kept = (() => {
  try {
    return JSON.parse(readFileSync(store, "utf8"));
  } catch {
    return {};
  }
})();

function referenceOf(problem) {
  kept[problem.text] ??= { found: bruteForce(problem) ?? null };
  return kept[problem.text].found ?? undefined;
}

/** Violations and gaps that a right answer may have; sets without interior make square roots of them. */
const KEEPS = 2e-6;
const GAP = 1e-5;

export async function trial(problem) {
  const { problem: compiled, diagnostics } = await compile(problem.text);
  if (!compiled) return { verdict: "ERROR", detail: diagnostics.map((d) => d.message).join("; ") };
  const best = referenceOf(problem);
  const began = process.cpuUsage();
  const result = await solve(compiled, { seconds, method: flags.get("method"), quick: flags.has("quick") });
  const used = process.cpuUsage(began);
  const spent = (used.user + used.system) / 1e6;
  const facts = { spent, result, best };
  const certified = result.status === "converged";
  if (best === undefined)
    return { verdict: certified ? "WRONG" : "none", detail: "no feasible point is known", ...facts };
  if (result.status === "infeasible" || result.status === "unbounded")
    return { verdict: "WRONG", detail: result.reason, ...facts };
  const worth = judge(problem, Array.from(result.x), Array.from(result.y));
  const equal = problem.exact.map((r) => Math.abs(r(Array.from(result.x), Array.from(result.y))));
  const holds = Math.max(worth.violation, ...equal) <= KEEPS && worth.gap <= GAP;
  const above = worth.value - best.value;
  const right = holds && above <= 0.01 * Math.max(1, Math.abs(best.value));
  const scale = 1 + Math.abs(best.value);
  const detail = `reached ${worth.value.toPrecision(5)} at ${[...result.x].map((v) => v.toPrecision(4))} | ${[...result.y].map((v) => v.toPrecision(4))}, best ${best.value.toPrecision(5)} at ${best.x.map((v) => v.toPrecision(4))} | ${best.y.map((v) => v.toPrecision(4))}, violation ${worth.violation.toExponential(1)}, gap ${worth.gap.toExponential(1)}, descent ${worth.descent.toExponential(1)}`;
  if (worth.beaten) return { verdict: "beaten", detail, ...facts };
  if (certified && !holds) return { verdict: "WRONG", detail, ...facts };
  if (right) return { verdict: certified ? "right" : "unsure", detail, ...facts };
  if (!certified) return { verdict: "failed", detail, ...facts };
  return { verdict: worth.descent > 0.05 * scale ? "WRONG" : "local", detail, ...facts };
}

const columns = ["right", "unsure", "local", "failed", "WRONG", "none", "beaten", "ERROR"];

async function main() {
  const only = flags.get("only")?.split(":");
  const wanted = only ? [only[0]] : (flags.get("class")?.split(",") ?? Object.keys(classes));
  const total = {};
  const all = [];
  console.log(["class", ...columns, "median s", "max s"].map((h, i) => h.padEnd(i ? 9 : 13)).join(""));
  const print = (name, tally, times) => {
    times.sort((a, b) => a - b);
    const numbers = [
      ...columns.map((c) => tally[c] ?? 0),
      (times[times.length >> 1] ?? 0).toFixed(2),
      (times.at(-1) ?? 0).toFixed(2),
    ];
    console.log([name, ...numbers].map((c, i) => String(c).padEnd(i ? 9 : 13)).join(""));
  };
  for (const name of wanted) {
    const tally = {};
    const times = [];
    const lines = [];
    for (let i = only ? Number(only[1]) : 0; i < (only ? Number(only[1]) + 1 : count); i++) {
      const problem = generate(name, i, seed);
      const answer = await trial(problem).catch((error) => ({ verdict: "ERROR", detail: error.stack }));
      tally[answer.verdict] = (tally[answer.verdict] ?? 0) + 1;
      total[answer.verdict] = (total[answer.verdict] ?? 0) + 1;
      if (answer.spent !== undefined) {
        times.push(answer.spent);
        all.push(answer.spent);
      }
      const { result: r } = answer;
      if (!["right", "none"].includes(answer.verdict) || flags.has("list") || answer.spent > seconds + 1) {
        lines.push(
          `   ${name}:${i} ${answer.verdict} ${r?.method} ${r?.status} ${answer.spent?.toFixed(2)} s; ${answer.detail}`,
        );
        if (r?.status !== "converged") lines.push(`      ${r?.certificate?.sentence ?? r?.reason}`.slice(0, 300));
      }
      if (only) {
        console.log(problem.text);
        console.log(r?.method, r?.status, r?.reason, r?.certificate?.checks, r?.tried, r?.warnings);
      }
    }
    print(name, tally, times);
    for (const line of lines) console.log(line);
    mkdirSync(out, { recursive: true });
    writeFileSync(store, JSON.stringify(kept));
  }
  if (wanted.length > 1) print("all", total, all);
}

await main();
