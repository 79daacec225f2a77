/** Bundles a TypeScript program into a file beside it (so that paths relative to it hold), imports it and returns it, and tidies up. */
import { rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

export async function runBundled(entry) {
  const outfile = join(dirname(entry), `.bundle-${process.pid}.mjs`);
  try {
    await build({
      entryPoints: [entry],
      bundle: true,
      platform: "node",
      format: "esm",
      packages: "external",
      outfile,
      logLevel: "error",
    });
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(outfile, { force: true });
  }
}
