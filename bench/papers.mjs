// The small experiments of the papers:  node bench/papers.mjs [name …] [--out DIR] [--quick]   (a list without names)
import { fileURLToPath } from "node:url";
import { runBundled } from "./bundle.mjs";

const { main } = await runBundled(fileURLToPath(new URL("papers/main.ts", import.meta.url)));
await main(process.argv.slice(2));
