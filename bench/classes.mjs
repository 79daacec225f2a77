// Bundles bench/classes.ts and runs it: node bench/classes.mjs [instances per class] [cap on calls]
import { fileURLToPath } from "node:url";
import { runBundled } from "./bundle.mjs";

await runBundled(fileURLToPath(new URL("classes.ts", import.meta.url)));
