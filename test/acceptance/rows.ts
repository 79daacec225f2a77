/** All acceptance rows, family by family. */
import { constrained } from "./families/constrained.js";
import { implicit } from "./families/implicit.js";
import { minimax } from "./families/minimax.js";
import { ours } from "./families/ours.js";
import { penalty } from "./families/penalty.js";
import { singleLevel } from "./families/singleLevel.js";
import { stochastic } from "./families/stochastic.js";
import { stochasticNested } from "./families/stochasticNested.js";
import { unrolled } from "./families/unrolled.js";
import { zerothOrder } from "./families/zerothOrder.js";
import type { Row } from "./row.js";

export const rows: readonly Row[] = [
  ...implicit,
  ...unrolled,
  ...penalty,
  ...zerothOrder,
  ...stochastic,
  ...stochasticNested,
  ...constrained,
  ...singleLevel,
  ...minimax,
  ...ours,
];
