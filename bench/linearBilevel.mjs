/**
 * Branch and bound on random linear bilevel problems (see linearBilevelProblems.mjs), through the whole pipeline:
 *   node bench/linearBilevel.mjs [--family sparse,unit,packing,integer,cover,box,dense,thin,linked,upper]
 *        [--sizes 10,20,30,50 or 50+50/60] [--seeds 5] [--seconds 60] [--general]
 * A size N means N + N variables and 1.2 N lower constraints. `--general` turns the search for linear lower levels off.
 * `--seconds` are of CPU time. Printed: nodes, linear programs, wall and CPU seconds (search only, compiled before), gap,
 * status; the last two of the proof: value and bound. Bundles the sources, so nothing need be built.
 */
import { fileURLToPath } from "node:url";
import { runBundled } from "./bundle.mjs";

const flags = new Map();
for (let i = 2; i < process.argv.length; i++) {
  const name = process.argv[i].replace(/^--/, "");
  const value = process.argv[i + 1];
  if (value === undefined || value.startsWith("--")) flags.set(name, true);
  else flags.set(name, process.argv[++i]);
}
const { main } = await runBundled(fileURLToPath(new URL("linearBilevel.ts", import.meta.url)));
await main({
  families: String(flags.get("family") ?? "sparse,box").split(","),
  sizes: String(flags.get("sizes") ?? "10,20,50").split(","),
  seeds: Number(flags.get("seeds") ?? 5),
  first: Number(flags.get("first") ?? 1),
  seconds: Number(flags.get("seconds") ?? 60),
  general: flags.get("general") === true,
});
