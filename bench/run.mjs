// Bundles bench/kernels.ts and runs it:  node bench/run.mjs [workload …]   (names of workloads or their beginnings)
import { mkdtempSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const folder = mkdtempSync(join(here, ".run-"));
try {
  const outfile = join(folder, "kernels.mjs");
  await build({
    entryPoints: [join(here, "kernels.ts")],
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    outfile,
    logLevel: "error",
  });
  const { main } = await import(pathToFileURL(outfile).href);
  await main(here, process.argv.slice(2));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
