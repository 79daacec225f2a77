/**
 * Trials on seeded random problems, as text through the whole pipeline, against an independent brute-force reference:
 *   node bench/trials.mjs [--count 20] [--class a,b] [--seconds 5] [--method ID] [--list] [--only CLASS:INDEX]
 * Uses dist/api.js (or the file that BLO_API names). The reference, in bench/reference/brute.mjs, evaluates the same text as
 * JavaScript and searches; it shares nothing with Blo. Every `converged` is judged:
 *   solved  the reference's best value of the hyper-objective within 1e-4     local  another local minimiser
 *   saddle  stationary, but lower values nearby to second order only          WRONG  y no (optimistic) lower solution, or x not stationary
 */
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { judge, judgeGame } from "./reference/brute.mjs";
import { classes, generate } from "./reference/generate.mjs";

const flags = new Map();
for (let i = 2; i < process.argv.length; i++) {
  const name = process.argv[i].replace(/^--/, "");
  const value = process.argv[i + 1];
  if (value === undefined || value.startsWith("--")) flags.set(name, true);
  else flags.set(name, process.argv[++i]);
}
const here = process.env.BLO_API ? resolve(process.env.BLO_API) : new URL("../dist/api.js", import.meta.url).pathname;
const { compile, solve } = await import(pathToFileURL(here).href);
const seconds = Number(flags.get("seconds") ?? 5);
const count = Number(flags.get("count") ?? 20);

/** Runs one problem and says what its answer is worth. */
export async function trial(problem) {
  const { problem: compiled, diagnostics } = await compile(problem.text);
  if (!compiled) {
    const errors = diagnostics.filter((d) => d.severity === "error");
    return { verdict: "no compile", detail: errors.map((d) => d.message).join("; ") };
  }
  const began = performance.now();
  const result = await solve(compiled, { seconds, method: flags.get("method") });
  const spent = (performance.now() - began) / 1000;
  const cost = Object.values(result.counts).reduce((a, b) => a + b, 0);
  const facts = { spent, cost, method: result.method, status: result.status, reason: result.reason, result };
  if (result.status !== "converged") return { verdict: result.status, detail: result.reason, ...facts };
  if (problem.never) return { verdict: "WRONG", detail: `converged, although ${problem.never}`, ...facts };
  const verdict = problem.players ? judgeGame : judge;
  return { ...verdict(problem, result.x, result.y, result.upper.objective), ...facts };
}

const median = (list) => (list.length ? [...list].sort((a, b) => a - b)[list.length >> 1] : Number.NaN);

async function main() {
  const only = flags.get("only")?.split(":");
  const wanted = only ? [only[0]] : (flags.get("class")?.split(",") ?? Object.keys(classes));
  const head = ["class", "n", "solved", "local", "saddle", "WRONG", "other", "calls", "s", "max s"];
  console.log(head.map((h, i) => h.padEnd(i ? 8 : 28)).join(""));
  for (const name of wanted) {
    const tally = {};
    const costs = [];
    const times = [];
    const lines = [];
    for (let i = only ? Number(only[1]) : 0; i < (only ? Number(only[1]) + 1 : count); i++) {
      const problem = generate(name, i);
      let answer;
      try {
        answer = await trial(problem);
      } catch (error) {
        answer = { verdict: "WRONG", detail: `threw ${error.stack}` };
      }
      tally[answer.verdict] = (tally[answer.verdict] ?? 0) + 1;
      if (answer.cost !== undefined) costs.push(answer.cost);
      if (answer.spent !== undefined) times.push(answer.spent);
      const fine = ["solved", "local"].includes(answer.verdict) || (problem.never && answer.verdict !== "WRONG");
      if (!fine || answer.spent > seconds + 1 || flags.has("list")) {
        const how = `${answer.method} ${answer.spent?.toFixed(2)} s`;
        lines.push(`    ${name}:${i} ${answer.verdict} (${how}) ${String(answer.detail ?? "").slice(0, 330)}`);
      }
      if (only) {
        console.log(problem.text);
        const { result: r } = answer;
        console.log(answer.verdict, answer.detail, r?.status, r?.values, r?.upper, r?.certificate?.checks, r?.warnings);
      }
    }
    const named = ["solved", "local", "saddle", "WRONG"];
    const other = Object.entries(tally).filter(([k]) => !named.includes(k));
    const row = [
      `${name} ${classes[name].title}`.slice(0, 27),
      Object.values(tally).reduce((a, b) => a + b, 0),
      ...named.map((k) => tally[k] ?? 0),
      other.map(([, v]) => v).reduce((a, b) => a + b, 0),
      median(costs),
      median(times).toFixed(3),
      Math.max(0, ...times).toFixed(2),
    ];
    console.log(
      `${row.map((c, i) => String(c).padEnd(i ? 8 : 28)).join("")} ${other.map(([k, v]) => `${k} ${v}`).join(", ")}`,
    );
    for (const line of lines) console.log(line);
  }
}

await main();
