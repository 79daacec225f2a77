// Bundles bench/parse.ts in memory and runs it: node bench/parse.mjs
import { mkdtempSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const folder = mkdtempSync(join(here, ".parse-"));
try {
  const outfile = join(folder, "parse.mjs");
  const entryPoints = [join(here, "parse.ts")];
  await build({ entryPoints, bundle: true, platform: "node", format: "esm", packages: "external", outfile });
  await import(pathToFileURL(outfile).href);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
