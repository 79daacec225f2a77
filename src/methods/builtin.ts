/** The methods that come with Blo, in the order in which they are listed. */
import { aidAuto } from "./implicit/aidAuto.js";
import type { Method } from "./method.js";

export const builtin: readonly Method[] = [aidAuto];
