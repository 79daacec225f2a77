/** Packs the project as `npm publish` would, from the build that `npm test` has made, and unpacks it elsewhere. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

export interface Packed {
  readonly tarball: string;
  /** Paths inside the package, sorted. */
  readonly files: readonly string[];
  /** An empty project that has the package, and nothing else, among its node_modules. */
  readonly consumer: string;
}

/** Throws if the build is missing: the tests of the package need one. */
export function pack(): Packed {
  if (!existsSync(join(root, "dist", "api.js"))) throw new Error("no build: run `npm run build` first");
  const folder = mkdtempSync(join(tmpdir(), "blo-pack-"));
  const output = execFileSync("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", folder], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [{ filename, files }] = JSON.parse(output) as [{ filename: string; files: { path: string }[] }];
  const consumer = join(folder, "consumer");
  const tarball = join(folder, filename);
  mkdirSync(join(consumer, "node_modules", "blo"), { recursive: true });
  execFileSync("tar", ["-xzf", tarball, "-C", join(consumer, "node_modules", "blo"), "--strip-components=1"]);
  return { tarball, files: files.map((f) => f.path).sort(), consumer };
}

export function unpackedText(packed: Packed, path: string): string {
  return readFileSync(join(packed.consumer, "node_modules", "blo", path), "utf8");
}
