/** Asks the resolver for the files of all `data` declarations and reads them. */
import type { DataDeclaration, SyntaxTree } from "../syntax/tree.js";
import { loadData } from "./data/load.js";
import type { DataSet } from "./dataset.js";
import type { Findings } from "./findings.js";

/**
 * The bytes of a data file, or undefined where there is none. `path` is as written in the problem; `declared` says for
 * which declaration. May throw an Error, whose message then says why the file cannot be read.
 */
export type DataResolver = (
  path: string,
  declared: { readonly name: string; readonly format: string | undefined },
) => Promise<Uint8Array | undefined>;

/** The data sets by the names that the problem gives them; those that cannot be read are missing and reported. */
export async function loadAll(
  tree: SyntaxTree,
  resolver: DataResolver | undefined,
  findings: Findings,
): Promise<ReadonlyMap<string, DataSet>> {
  const sets = new Map<string, DataSet>();
  for (const item of tree.items) {
    if (item.kind !== "data" || sets.has(item.name.name)) continue;
    const set = await load(item, resolver, findings);
    if (set) sets.set(item.name.name, set);
  }
  return sets;
}

async function load(
  { name, path, format, header }: DataDeclaration,
  resolver: DataResolver | undefined,
  findings: Findings,
): Promise<DataSet | undefined> {
  const { span } = path;
  const unreadable = (why: string): undefined => findings.report("BLO0701", { file: path.value, why }, { span });
  if (!resolver) return unreadable("no access to files was granted");
  let bytes: Uint8Array | undefined;
  try {
    bytes = await resolver(path.value, { name: name.name, format: format?.name });
  } catch (error) {
    return unreadable(error instanceof Error ? error.message : "the resolver failed");
  }
  if (!bytes) return unreadable("it was not found");
  const { data, diagnostics } = await loadData(bytes, format?.name, path.value, { header, name: name.name });
  for (const d of diagnostics) findings.add(d.span ? d : { ...d, span });
  return data;
}
