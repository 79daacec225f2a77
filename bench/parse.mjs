// Bundles bench/parse.ts and runs it: node bench/parse.mjs
import { fileURLToPath } from "node:url";
import { runBundled } from "./bundle.mjs";

await runBundled(fileURLToPath(new URL("parse.ts", import.meta.url)));
