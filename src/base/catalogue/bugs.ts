import { entry } from "./entry.js";

/** BLO11xx: mistakes of Blo itself, found by checking one part against another. */
export const bugs = {
  BLO1101: entry<{ what: string; claim: string; excess: number; first: string; last: string }>({
    severity: "error",
    title: "proof and samples disagree",
    message: (p) =>
      `Blo proves that ${p.what} is ${p.claim}, but the segment from ${p.first} to ${p.last} shows otherwise: at its middle the value is off by ${Number(p.excess.toPrecision(3))}`,
    hint: "this is a mistake of Blo, not of the problem: please report it with this problem and its data",
    page: `Convexity is proved by rules on the expressions. Each proof is checked against values of the function at random points:
a function is convex only if its value at the middle of a segment is at most the mean of its values at the ends. Here the two
contradict each other, so that one of Blo's rules, or its evaluation, is wrong. Nothing in the problem needs to be changed.

\`blo explain\` and \`blo check --lint\` write what it takes to see this again into the working folder, as
\`blo-disagreement-….json\`: the source and its data, the proof, the points, the version. Nothing is written over. Please send
that file; it stands for its problem where a problem file is expected:

\`\`\`sh
blo explain blo-disagreement-1a2b3c4d5e6f.json --only classes
\`\`\``,
  }),
} as const;
