/** Writes schema/*.schema.json from src/report/schema.ts; `--check` only says whether they are fresh. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

const folder = mkdtempSync(join(root, "node_modules", ".cache-schema-"));
const bundle = join(folder, "schema.mjs");
let schemas;
try {
  await build({
    stdin: {
      contents: `import { z } from "zod";
        import { compareSchema, resultSchema } from "./src/report/schema.ts";
        export const result = z.toJSONSchema(resultSchema);
        export const compare = z.toJSONSchema(compareSchema);`,
      resolveDir: root,
    },
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    outfile: bundle,
    logLevel: "warning",
  });
  const { result, compare } = await import(pathToFileURL(bundle).href);
  schemas = [
    ["result.schema.json", { title: "Result of a run of Blo", ...result }],
    ["compare.schema.json", { title: "Comparison of methods by Blo", ...compare }],
  ];
} finally {
  rmSync(folder, { recursive: true, force: true });
}

for (const [name, schema] of schemas) {
  const target = join(root, "schema", name);
  const text = `${JSON.stringify(schema, null, 2)}\n`;
  if (!process.argv.includes("--check")) writeFileSync(target, text);
  else if (readFileSync(target, "utf8") !== text) {
    console.error(`schema/${name} is stale: run \`node scripts/schema.mjs\``);
    process.exitCode = 1;
  }
}
