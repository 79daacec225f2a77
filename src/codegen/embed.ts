/** Data inside generated modules: numbers and strings as text that cannot break out of its place. */
import { literal } from "./literal.js";

/** Arrays longer than this are written in base64 (little-endian, as all engines store them). */
const listed = 64;

/** An expression that makes an array with exactly these values. */
export function constantText(values: Float64Array | Int32Array): string {
  const type = values instanceof Int32Array ? "Int32Array" : "Float64Array";
  if (values.every((v) => Object.is(v, 0))) return `new ${type}(${values.length})`;
  if (values.length <= listed) return `${type}.of(${Array.from(values, literal).join(", ")})`;
  return `decode(${type}, "${base64(values)}")`;
}

export const decoderText =
  "const decode = (Type, text) => new Type(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer);";

function base64(values: Float64Array | Int32Array): string {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  let binary = "";
  const chunk = 8192;
  for (let k = 0; k < bytes.length; k += chunk) binary += String.fromCharCode(...bytes.subarray(k, k + chunk));
  return btoa(binary);
}

/** JSON that is also safe inside a script element and in engines older than ES2019. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>\u2028\u2029]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
