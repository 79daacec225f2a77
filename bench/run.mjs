// Bundles bench/kernels.ts and runs it:  node bench/run.mjs [workload …]   (names of workloads or their beginnings)
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { runBundled } from "./bundle.mjs";

const program = fileURLToPath(new URL("kernels.ts", import.meta.url));
const { main } = await runBundled(program);
await main(dirname(program), process.argv.slice(2));
