/** Reads the project's own source files and their imports for the tests of its structure. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

export const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

export interface Import {
  readonly specifier: string;
  /** `import type`, or `import { type A }` with nothing else. */
  readonly typeOnly: boolean;
  /** `import()` expressions. */
  readonly lazy: boolean;
}

export interface SourceFile {
  /** Path from the root, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly lines: number;
  readonly imports: readonly Import[];
  readonly generated: boolean;
}

/** Every TypeScript file under the folders, in alphabetical order. */
export function sourceFiles(...folders: string[]): SourceFile[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts"))
      .sort()
      .map((name) => read(join(root, folder, name))),
  );
}

function read(file: string): SourceFile {
  const text = readFileSync(file, "utf8");
  const path = relative(root, file).replaceAll("\\", "/");
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
  const imports: Import[] = [];
  const visit = (node: ts.Node): void => {
    if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier) {
      imports.push({ specifier: textOf(node.moduleSpecifier), typeOnly: isTypeOnly(node), lazy: false });
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      // Tests also import what they have just built, by an address that no reader of the text can know.
      const [address] = node.arguments;
      if (ts.isStringLiteralLike(address)) imports.push({ specifier: address.text, typeOnly: false, lazy: true });
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      imports.push({ specifier: textOf(node.argument.literal), typeOnly: true, lazy: false });
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return { path, text, lines: text.split("\n").length - 1, imports, generated: /\.gen\.ts$/.test(path) };
}

function textOf(node: ts.Node | undefined): string {
  if (!node || !ts.isStringLiteralLike(node)) throw new Error("an import whose address is not a plain string");
  return node.text;
}

function isTypeOnly(node: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  if (ts.isExportDeclaration(node)) return node.isTypeOnly;
  const clause = node.importClause;
  if (!clause) return false;
  if (clause.isTypeOnly) return true;
  const bindings = clause.namedBindings;
  return (
    !clause.name &&
    bindings !== undefined &&
    ts.isNamedImports(bindings) &&
    bindings.elements.length > 0 &&
    bindings.elements.every((e) => e.isTypeOnly)
  );
}

/** The source file a relative specifier names, as a path from the root. */
export function target(from: SourceFile, specifier: string): string {
  return relative(root, resolve(root, dirname(from.path), specifier))
    .replaceAll("\\", "/")
    .replace(/\.js$/, ".ts");
}
