// Runs the whole acceptance matrix and prints it as a table: node bench/acceptance.mjs [method …]
import { fileURLToPath } from "node:url";
import { runBundled } from "./bundle.mjs";

await runBundled(fileURLToPath(new URL("../test/acceptance/print.ts", import.meta.url)));
