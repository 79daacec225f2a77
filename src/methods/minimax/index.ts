/** Methods for games f = -g. */
import type { Method } from "../method.js";
import { extragradient } from "./extragradient.js";
import { gda } from "./gda.js";

export const minimax: readonly Method[] = [gda, extragradient];
