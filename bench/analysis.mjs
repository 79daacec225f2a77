// What looking at problems with tensor data costs beside solving them:  node bench/analysis.mjs [name …]
import { fileURLToPath } from "node:url";
import { runBundled } from "./bundle.mjs";

await runBundled(fileURLToPath(new URL("analysis.ts", import.meta.url)));
