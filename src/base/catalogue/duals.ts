import { entry } from "./entry.js";

/** BLO033x: multipliers of lower constraints in the upper level. */
export const duals = {
  BLO0330: entry<{ name: string; suggestion: string | undefined }>({
    severity: "error",
    title: "no such lower constraint",
    message: (p) =>
      `\`dual\` takes the name of one lower constraint, found "${p.name}"${p.suggestion === undefined ? "" : `; did you mean "${p.suggestion}"?`}`,
    hint: "name the constraint: `balance: y[1] + y[2] == d`, then `dual(balance)`",
    page: `\`dual(NAME)\` is the multiplier of the lower constraint NAME, as a price is of a balance. With several followers
\`dual(FOLLOWER.NAME)\` says whose it is. A constraint of several rows has a vector of multipliers: \`dual(cap)[2]\`.

Wrong: \`maximize dual(balnce) * q\`, right: \`maximize dual(balance) * q\`.`,
  }),
  BLO0331: entry({
    severity: "error",
    title: "multiplier outside the upper level",
    message: () => "`dual` can be used in the objective and the constraints of the upper level, and in `expect` only",
    page: `The multiplier of a lower constraint follows from the lower level's solution, which the upper level foresees. The lower level
itself, and declarations outside of the levels, cannot use it.

Wrong: \`let price = dual(balance)\` outside of the levels, right: \`maximize dual(balance) * demand\` in the upper level.`,
  }),
  BLO0332: entry<{ name: string }>({
    severity: "error",
    title: "several constraints of one name",
    message: (p) => `\`dual(${p.name})\` could be of several constraints`,
    hint: "name them apart: `FOLLOWER.NAME`, or `low: l <= e` and `high: e <= u` in place of `l <= e <= u`",
    page: `A chain \`l <= e <= u\` is two constraints of one name, and followers may use the same names. A multiplier is of one
constraint: write two constraints with names of their own, or \`dual(FOLLOWER.NAME)\`.

Wrong: \`range: 0 <= q <= x\` with \`dual(range)\`, right: \`low: q >= 0\` and \`high: q <= x\` with \`dual(high)\`.`,
  }),
} as const;
