/** The methods that come with Blo, in the order in which they are listed: one list per family. */
import { constrained } from "./constrained/index.js";
import { implicit } from "./implicit/index.js";
import type { Method } from "./method.js";
import { minimax } from "./minimax/index.js";
import { penalty } from "./penalty/index.js";
import { stochastic } from "./stochastic/index.js";
import { unrolled } from "./unrolled/index.js";
import { zerothOrder } from "./zerothOrder/index.js";

export const builtin: readonly Method[] = [
  ...implicit,
  ...unrolled,
  ...penalty,
  ...zerothOrder,
  ...stochastic,
  ...constrained,
  ...minimax,
];
