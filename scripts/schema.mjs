/** Writes schema/result.schema.json from src/report/schema.ts; `--check` only says whether it is fresh. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const target = join(root, "schema", "result.schema.json");

const folder = mkdtempSync(join(root, "node_modules", ".cache-schema-"));
const bundle = join(folder, "schema.mjs");
let text;
try {
  await build({
    stdin: {
      contents: `import { z } from "zod"; import { resultSchema } from "./src/report/schema.ts"; export default z.toJSONSchema(resultSchema);`,
      resolveDir: root,
    },
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    outfile: bundle,
    logLevel: "warning",
  });
  const { default: schema } = await import(pathToFileURL(bundle).href);
  text = `${JSON.stringify({ title: "Result of a run of Blo", ...schema }, null, 2)}\n`;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

if (process.argv.includes("--check")) {
  if (readFileSync(target, "utf8") !== text) {
    console.error("schema/result.schema.json is stale: run `node scripts/schema.mjs`");
    process.exitCode = 1;
  }
} else writeFileSync(target, text);
