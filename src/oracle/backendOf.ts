/** The back end that further kernels of an oracle's problem are compiled by: what the user chose, or the one that evaluates no text. */
import { interpreted } from "../codegen/backend.js";
import type { Backend } from "../codegen/kernel.js";
import type { Oracle } from "./oracle.js";

export function backendOf({ backend }: Oracle): Backend {
  return backend ?? interpreted;
}
