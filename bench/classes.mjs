// Bundles bench/classes.ts in memory and runs it: node bench/classes.mjs [instances per class] [cap on calls]
import { mkdtempSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const folder = mkdtempSync(join(here, ".classes-"));
try {
  const outfile = join(folder, "classes.mjs");
  await build({
    entryPoints: [join(here, "classes.ts")],
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    outfile,
    logLevel: "error",
  });
  await import(pathToFileURL(outfile).href);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
