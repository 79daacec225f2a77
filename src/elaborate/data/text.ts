/** Bytes to text: UTF-8, checked; a byte order mark is dropped. */
import { fail } from "../../base/diagnostic.js";
import type { Input } from "./reader.js";

export function decode(input: Input, format: string): string {
  const { bytes, file } = input;
  const refuse = (why: string): never => fail("BLO0706", { file, format, why }, { at: { file } });
  if (bytes.length >= 2 && ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff))) {
    return refuse("the text is UTF-16; save it as UTF-8");
  }
  const nul = bytes.indexOf(0);
  if (nul >= 0) return refuse(`byte ${nul} is NUL, so this is no text`);
  // Longer strings than this do not exist in common engines.
  const most = Math.min(input.limits.bytes, 2 ** 29 - 32);
  if (bytes.length > most) {
    return fail("BLO0704", { file, size: bytes.length, most, unit: "bytes of text" }, { at: { file } });
  }
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return refuse("the text is not UTF-8");
  }
  if (text.trim() === "") return fail("BLO0703", { file, what: "is empty" }, { at: { file } });
  return text;
}
