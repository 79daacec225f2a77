/**
 * Builds dist/: the library (dist/api.js, dist/node.js), the command (dist/cli/main.js) and their types.
 *   1. the generated grammar must be fresh          2. tsc checks all types and writes the declarations
 *   3. esbuild bundles the three entries into ES modules with shared chunks; what the source imports lazily
 *      (plots, TensorFlow.js, mathjs) stays a chunk of its own, so that start-up reads little
 * The result needs no other package at run time. It is made beside dist/ and put in place at the end.
 */
import { spawn } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { bundleVendor, vendorEntry } from "./vendor.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

function run(...args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
    child.on("error", reject);
    child.on("exit", (code) =>
      code === 0 ? resolve() : reject(new Error(`${args.join(" ")} ended with code ${code}`)),
    );
  });
}

const vendorPlugin = {
  name: "vendor",
  setup(run) {
    run.onLoad({ filter: vendorEntry }, async ({ path }) =>
      path.includes("node_modules") ? undefined : { contents: await bundleVendor(path), loader: "js" },
    );
  },
};

/** CommonJS packages `require` Node's modules; in an ES module those must be imports. */
const nodeRequirePlugin = {
  name: "node-require",
  setup(run) {
    const namespace = "node-require";
    run.onResolve({ filter: /^node:/ }, ({ kind, path }) =>
      kind === "require-call" ? { path, namespace } : undefined,
    );
    run.onLoad({ filter: /.*/, namespace }, ({ path }) => ({ contents: `export * from ${JSON.stringify(path)};` }));
  },
};

function bundle(outdir) {
  return build({
    absWorkingDir: root,
    entryPoints: { api: "src/api.ts", node: "src/node.ts", "cli/main": "src/cli/main.ts" },
    outdir,
    bundle: true,
    splitting: true,
    chunkNames: "chunks/[name]-[hash]",
    format: "esm",
    platform: "node",
    mainFields: ["module", "main"],
    target: "node20",
    define: { __BLO_VERSION__: JSON.stringify(version) },
    minifyWhitespace: true,
    legalComments: "eof",
    logLevel: "warning",
    plugins: [vendorPlugin, nodeRequirePlugin],
  });
}

async function main() {
  const cache = join(root, "node_modules", ".cache");
  mkdirSync(cache, { recursive: true });
  const fresh = mkdtempSync(join(cache, "dist-"));
  try {
    await run("scripts/grammar.mjs", "--check");
    const done = await Promise.allSettled([
      run("node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json", "--outDir", fresh),
      bundle(fresh),
    ]);
    for (const { reason } of done) if (reason) throw reason;
    // found by its loader beside the chunk that bundles it
    copyFileSync(join(root, "node_modules", "highs", "build", "highs.wasm"), join(fresh, "chunks", "highs.wasm"));
    for (const path of [fresh, join(fresh, "cli", "main.js")]) chmodSync(path, 0o755);
    rmSync(join(root, "dist"), { recursive: true, force: true });
    renameSync(fresh, join(root, "dist"));
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    console.error(`build failed: ${error.message}`);
    process.exitCode = 1;
  }
}

await main();
