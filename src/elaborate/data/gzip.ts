/** Decompression of gzip (RFC 1952), with its checksum verified and its size limited while it unfolds. */
import { fail } from "../../base/diagnostic.js";

export const isGzip = (bytes: Uint8Array): boolean => bytes.length >= 2 && bytes[0] === 0x1f && bytes[1] === 0x8b;

export async function gunzip(bytes: Uint8Array, file: string, most: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    const copy = new Blob([bytes as Uint8Array<ArrayBuffer>]);
    const reader = copy.stream().pipeThrough(new DecompressionStream("gzip")).getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      size += part.value.length;
      if (size > most) {
        await reader.cancel();
        break;
      }
      chunks.push(part.value);
    }
  } catch {
    const why = "the compressed data are damaged or end too early";
    return fail("BLO0706", { file, format: "gzip", why }, { at: { file } });
  }
  if (size > most) fail("BLO0704", { file, size, most, unit: "bytes once unpacked" }, { at: { file } });
  const out = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    out.set(chunk, at);
    at += chunk.length;
  }
  return out;
}
