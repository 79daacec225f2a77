/** Fenced code blocks of the documentation, with the place where they stand. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export interface Block {
  readonly file: string;
  readonly line: number;
  /** The words after the fence: `blo`, `blo values`, `blo error BLO0112`, `js`, `sh` … */
  readonly info: string;
  readonly text: string;
}

export const root = join(import.meta.dirname, "..", "..");

export function documents(): string[] {
  const pages = readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" });
  return ["README.md", "CONTRIBUTING.md", ...pages.filter((f) => f.endsWith(".md")).map((f) => join("docs", f))];
}

export function blocksOf(file: string): Block[] {
  const blocks: Block[] = [];
  let open: { line: number; info: string; body: string[] } | undefined;
  readFileSync(join(root, file), "utf8")
    .split("\n")
    .forEach((line, i) => {
      const fence = /^```(.*)$/.exec(line);
      if (!fence) open?.body.push(line);
      else if (open) {
        blocks.push({ file, line: open.line, info: open.info, text: `${open.body.join("\n")}\n` });
        open = undefined;
      } else open = { line: i + 1, info: fence[1].trim(), body: [] };
    });
  return blocks;
}

/** Its examples are fragments, and half of them wrong on purpose; the tests of the catalogue look after them. */
const catalogue = join("docs", "diagnostics.md");

export function blocks(kind: RegExp): Block[] {
  return documents()
    .filter((file) => file !== catalogue)
    .flatMap(blocksOf)
    .filter((b) => kind.test(b.info));
}
