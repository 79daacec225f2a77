/** The core in a browser's world: bundled without Node's modules, run where neither `process` nor `require` exists. */
import { createContext, Script } from "node:vm";
import { build } from "esbuild";
import { beforeAll, expect, test } from "vitest";
import { bundleVendor, vendorEntry } from "../../scripts/vendor.mjs";
import { root } from "./source.js";

let text: string;
beforeAll(async () => {
  const result = await build({
    absWorkingDir: root,
    entryPoints: ["src/api.ts"],
    bundle: true,
    write: false,
    format: "iife",
    globalName: "blo",
    platform: "browser",
    target: "es2022",
    logLevel: "error",
    // the loader of HiGHS asks for it in a branch that runs under Node only
    external: ["node:module"],
    plugins: [
      {
        name: "vendor",
        setup(run) {
          run.onLoad({ filter: vendorEntry }, async ({ path }) =>
            path.includes("node_modules") ? undefined : { contents: await bundleVendor(path), loader: "js" },
          );
        },
      },
    ],
  });
  text = result.outputFiles[0].text;
});

/** What every browser has and a bare context lacks. */
const browser = {
  console,
  performance,
  setTimeout,
  clearTimeout,
  TextEncoder,
  TextDecoder,
  URL,
  AbortController,
  structuredClone,
};

const simple = "upper { var x ; minimize (x - 1)^2 + y^2 }\nlower { var y ; minimize (y - x)^2 }";

async function solveIn(
  options: Record<string, unknown>,
  codeGeneration: { strings: boolean; wasm: boolean },
  source = simple,
) {
  const context = createContext({ ...browser }, { codeGeneration });
  new Script(text).runInContext(context);
  return (await new Script(`(async () => {
    if (typeof process !== "undefined" || typeof require !== "undefined") throw new Error("not a browser");
    const { problem } = await blo.compile(${JSON.stringify(source)});
    const result = await blo.solve(problem, ${JSON.stringify(options)});
    return { status: result.status, values: result.values };
  })()`).runInContext(context)) as { status: string; values: { x: number; y: number } };
}

test.each([
  ["generated code", {}, true],
  ["no code from text, as under a strict policy", { backend: "interpreted" }, false],
] as const)("a browser solves: %s", async (_, options, strings) => {
  const { status, values } = await solveIn(options, { strings, wasm: false });
  expect(status).toBe("converged");
  expect(values.x).toBeCloseTo(0.5, 6);
  expect(values.y).toBeCloseTo(0.5, 6);
});

// y = max(x, 0): the solution is x = y = 1.5
const constrained =
  "upper { var x init 0.3 ; minimize (x - 1)^2 + (y - 2)^2 }\nlower { var y init 0.5 ; minimize y^2 ; subject to y >= x }";

test.each(["kkt-mpcc", "kkt-fb", "auglag", "vf-idca", "snllvf", "kkt-auto"])(
  "%s evaluates no text either",
  async (method) => {
    const limits = { method, limits: { seconds: 20 } };
    const strict = await solveIn({ ...limits, backend: "interpreted" }, { strings: false, wasm: false }, constrained);
    const free = await solveIn(limits, { strings: true, wasm: false }, constrained);
    expect(strict.values.x).toBeCloseTo(1.5, 3);
    expect(strict.values.x).toBeCloseTo(free.values.x, 7);
    expect(strict.values.y).toBeCloseTo(free.values.y, 7);
    expect(strict.status).toBe(free.status);
  },
);

test("a browser reads data through the resolver it grants", async () => {
  const context = createContext({ ...browser });
  new Script(text).runInContext(context);
  const found = (await new Script(`(async () => {
    const source = 'data d = "d.csv"\\nupper { var x ; minimize (x - y)^2 }\\nlower { var y ; minimize (y - mean(d.a))^2 }';
    const { problem, diagnostics } = await blo.compile(source, { data: () => new TextEncoder().encode("a,b\\n1,2\\n4,x\\n") });
    if (!problem) return diagnostics.map((d) => d.message);
    return (await blo.solve(problem)).values;
  })()`).runInContext(context)) as { x: number; y: number };
  expect(found.y).toBeCloseTo(2.5, 6);
  expect(found.x).toBeCloseTo(2.5, 5);
});
