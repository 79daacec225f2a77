/** The layers of src: a folder imports only itself and what stands before it; no cycles; one door per third-party package. */
import { describe, expect, test } from "vitest";
import { type SourceFile, sourceFiles, target } from "./source.js";

const layers = [
  "base",
  "num",
  "nlp",
  "lp",
  "syntax",
  "expr",
  "ops",
  "model",
  "check",
  "diff",
  "curvature",
  "elaborate",
  "codegen",
  "oracle",
  "interval",
  "reform",
  "constants",
  "presolve",
  "methods",
  "report",
  "certify",
  "measures",
  "solve",
  "compare",
  "lints",
  "explain",
  "api.ts",
  "node.ts",
  "cli",
];

/** Folders that may use Node's own modules; everything else also runs in a browser. */
const nodeFolders = new Set(["node.ts", "cli"]);

/** Packages imported in more than one file, with the reason. */
const sharedPackages: Readonly<Record<string, string>> = {};

const files = sourceFiles("src");
const folder = (path: string): string => path.split("/")[1];
const isRelative = (specifier: string): boolean => specifier.startsWith(".");

/** "@scope/name" or "name" of a bare specifier. */
const packageOf = (specifier: string): string =>
  specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");

describe("layers", () => {
  test("every folder of src has its place in the order", () => {
    expect([...new Set(files.map((f) => folder(f.path)))].filter((name) => !layers.includes(name))).toEqual([]);
  });

  test("a file imports only its own folder and earlier ones", () => {
    const wrong = files.flatMap((file) =>
      file.imports
        .filter((i) => isRelative(i.specifier))
        .filter((i) => layers.indexOf(folder(target(file, i.specifier))) > layers.indexOf(folder(file.path)))
        .map((i) => `${file.path} imports ${i.specifier}`),
    );
    expect(wrong).toEqual([]);
  });

  test("relative imports end in .js and name a file that exists", () => {
    const known = new Set(files.map((f) => f.path));
    const wrong = files.flatMap((file) =>
      file.imports
        .filter((i) => isRelative(i.specifier))
        .filter((i) => !i.specifier.endsWith(".js") || !known.has(target(file, i.specifier)))
        .map((i) => `${file.path} imports ${i.specifier}`),
    );
    expect(wrong).toEqual([]);
  });

  test("no import cycles (types aside)", () => {
    expect(cycles(files)).toEqual([]);
  });

  test("the core uses nothing of Node's", () => {
    const core = files.filter((f) => !nodeFolders.has(folder(f.path)));
    const wrong = core.flatMap((file) => [
      ...file.imports.filter((i) => i.specifier.startsWith("node:")).map((i) => `${file.path} imports ${i.specifier}`),
      ...(/(?<![\w.$"'`])(process\.|Buffer\.|require\()/.test(withoutComments(file.text))
        ? [`${file.path} uses Node's globals`]
        : []),
    ]);
    expect(wrong).toEqual([]);
  });

  test("numbers and methods read neither the clock nor Math.random", () => {
    const pure = files.filter((f) => ["num", "ops", "diff", "codegen", "oracle"].includes(folder(f.path)));
    expect(
      pure.filter((f) => /Math\.random|Date\.now|performance\.now/.test(withoutComments(f.text))).map((f) => f.path),
    ).toEqual([]);
  });

  test("methods, proofs and reports take the back end from the oracle, or the one that evaluates no text", () => {
    const later = layers.slice(layers.indexOf("interval"), layers.indexOf("api.ts"));
    const wrong = files
      .filter((f) => later.includes(folder(f.path)))
      .filter((f) => /\bgenerated\w*\b[^;]*from "[^"]*codegen\//.test(f.text) || /codegen\/generated/.test(f.text));
    expect(wrong.map((f) => f.path)).toEqual([]);
  });

  test("one file imports a given third-party package", () => {
    const users = new Map<string, Set<string>>();
    for (const file of files) {
      for (const i of file.imports) {
        if (isRelative(i.specifier) || i.specifier.startsWith("node:") || i.typeOnly) continue;
        const name = packageOf(i.specifier);
        users.set(name, (users.get(name) ?? new Set()).add(file.path));
      }
    }
    const wrong = [...users].filter(([name, by]) => by.size > 1 && !(name in sharedPackages));
    expect(wrong.map(([name, by]) => `${name}: ${[...by].join(", ")}`)).toEqual([]);
  });
});

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
}

/** Cycles among value imports, each as its chain of files. */
function cycles(all: readonly SourceFile[]): string[] {
  const byPath = new Map(all.map((f) => [f.path, f]));
  const state = new Map<string, "open" | "done">();
  const found: string[] = [];
  const chain: string[] = [];
  const visit = (path: string): void => {
    const file = byPath.get(path);
    if (!file || state.get(path) === "done") return;
    if (state.get(path) === "open") {
      found.push([...chain.slice(chain.indexOf(path)), path].join(" -> "));
      return;
    }
    state.set(path, "open");
    chain.push(path);
    for (const i of file.imports)
      if (isRelative(i.specifier) && !i.typeOnly && !i.lazy) visit(target(file, i.specifier));
    chain.pop();
    state.set(path, "done");
  };
  for (const f of all) visit(f.path);
  return found;
}
