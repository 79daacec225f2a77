/** NPZ: a ZIP archive of NPY arrays, one a member `name.npy` (numpy.savez, numpy.savez_compressed). */
import { unzipSync } from "fflate";
import { BloError, fail } from "../../base/diagnostic.js";
import type { DataSet, MembersData } from "../dataset.js";
import { readNpy } from "./npy.js";
import type { Input } from "./reader.js";

export function readNpz(input: Input): MembersData {
  const { bytes, file, limits } = input;
  if (bytes[0] !== 0x50 || bytes[1] !== 0x4b) {
    fail("BLO0706", { file, format: "NPZ", why: "it is not a ZIP archive" }, { at: { file } });
  }
  let total = 0;
  let files: Record<string, Uint8Array>;
  try {
    files = unzipSync(bytes, {
      filter: (entry) => {
        if (!entry.name.endsWith(".npy")) return false;
        total += entry.originalSize;
        if (total > limits.bytes) {
          fail("BLO0704", { file, size: total, most: limits.bytes, unit: "bytes once unpacked" }, { at: { file } });
        }
        return true;
      },
    });
  } catch (error) {
    if (error instanceof BloError) throw error;
    const why = `the ZIP archive cannot be unpacked (${error instanceof Error ? error.message : String(error)})`;
    return fail("BLO0706", { file, format: "NPZ", why }, { at: { file } });
  }
  const members = new Map<string, DataSet>();
  for (const [name, content] of Object.entries(files)) {
    members.set(name.slice(0, -".npy".length), readNpy({ ...input, bytes: content, file: `${file}/${name}` }));
  }
  if (members.size === 0) fail("BLO0703", { file, what: "holds no arrays" }, { at: { file } });
  return { kind: "members", members };
}
