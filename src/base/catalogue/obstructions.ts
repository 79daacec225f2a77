import { entry } from "./entry.js";

/** BLO0910 to BLO0919: problems without a solution, and runs that found no feasible point. */
export const obstructions = {
  BLO0910: entry<{ whose: string; constraints: string }>({
    severity: "error",
    title: "constraints contradict each other",
    message: (p) => `${p.whose} contradict each other, so that no point satisfies them: ${p.constraints}`,
    hint: "leave out or loosen any one of these",
    page: `No values of the variables satisfy these constraints, whatever the levels minimise. That is proved by linear
programming, with the affine constraints and the bounds alone. The set is as small as can be: without any one of its members
there is no contradiction left in it, though there may be another one elsewhere. Members are constraints by name
(\`cap[3]\` is the third row of \`cap\`) and bounds of variables.

Wrong, since y can be at most 1:

\`\`\`blo
upper {
  var x in [0, 1]
  minimize x
  subject to
    floor: x + y >= 3
}
lower {
  var y in [0, 1]
  minimize (y - x)^2
}
\`\`\`

Mended: \`floor: x + y >= 1\`.`,
  }),
  BLO0911: entry<{ constraints: string }>({
    severity: "error",
    title: "upper constraints exclude every lower solution",
    message: (p) => `no lower solution at any x satisfies the upper constraints: ${p.constraints}`,
    hint: "leave out or loosen any one of these, or move it to the lower level if the follower has to keep it",
    page: `Each level's constraints can be satisfied, also together, but the lower level answers every x with a y that violates
an upper constraint. That is proved by branch and bound. An upper constraint that contains y restricts x only: the lower
level does not see it.

Wrong, since the lower level always answers y = 0:

\`\`\`blo
upper {
  var x in [0, 1]
  minimize x
  subject to
    high: y >= 1
}
lower {
  var y in [0, 2]
  minimize y
}
\`\`\`

Mended, if the follower has to keep it: \`subject to\` with \`high: y >= 1\` in the lower level.`,
  }),
  BLO0912: entry<{ along: string }>({
    severity: "error",
    title: "lower level unbounded",
    message: (p) =>
      `the lower level is unbounded at every x, without any solution: its objective falls for ever${p.along}`,
    hint: "bound the lower variables",
    page: `At every x that the lower constraints allow, the lower objective can be made as small as one likes. That is proved: by linear
programming; or, for other functions, by looking at them along the ray, where a polynomial goes the way of its highest power and
bounds over all x say which way that is. The ray says how the variables move, the largest by 1. A bound of a lower variable that
stands in the upper level does not help: the follower does not see it.

Wrong:

\`\`\`blo
upper {
  var x in [0, 1]
  minimize (x - y)^2
}
lower {
  var y >= 0
  minimize -x - y
}
\`\`\`

Mended: \`var y in [0, 10]\`.`,
  }),
  BLO0913: entry<{ along: string }>({
    severity: "error",
    title: "upper level unbounded",
    message: (p) => `the upper objective falls for ever, through lower solutions, along ${p.along}`,
    hint: "bound the upper variables",
    page: `The upper objective can be made as small as one likes (as large, where it is maximised): every point of the ray is a
lower solution and satisfies all constraints. The ray says how the variables move, the largest by 1.

Wrong:

\`\`\`blo
upper {
  var x >= 0
  maximize y
}
lower {
  var y >= 0
  maximize y
  subject to
    cap: y <= x
}
\`\`\`

Mended: \`var x in [0, 10]\`.`,
  }),
  BLO0914: entry<{ violation: string; constraints: string }>({
    severity: "warning",
    title: "no feasible point found",
    message: (p) =>
      `no feasible point was found: the smallest sum of violations is ${p.violation}, where these constraints conflict: ${p.constraints}`,
    hint: "check these constraints, or start elsewhere: `var x init 1`",
    page: `A search for a point that satisfies the constraints of both levels ended where their violation cannot be made smaller by
small changes. With constraints that are not affine that proves nothing: another start may succeed. The constraints named
cannot be satisfied together near there, and any of them could be without one of the others.

Wrong, since the two circles do not meet:

\`\`\`blo
upper {
  var x
  minimize x
  subject to
    here: x^2 + y^2 <= 1
    there: (x - 3)^2 + y^2 <= 1
}
lower {
  var y in [-1, 1]
  minimize y^2
}
\`\`\`

Mended: \`there: (x - 1)^2 + y^2 <= 1\`.`,
  }),
  BLO0915: entry({
    severity: "error",
    title: "followers without equilibrium",
    message: () => "the followers' game has no equilibrium at any x: in every state one of them can improve by itself",
    hint: "bound the followers' variables",
    page: `Followers whose problems depend on each other play a Nash game: an equilibrium is a y at which no follower can improve by
itself. Here there is none, at any x that the lower constraints allow: proved by branch and bound on the first-order
conditions of all followers. Convex followers on bounded sets have one (Rosen 1965).

Wrong, since each follower wants to be ahead of the other:

\`\`\`
lower a { var y; minimize (y - z - x)^2 }
lower b { var z; minimize (z - y - 1)^2 }
\`\`\`

Mended: \`var y in [0, 10]\` and \`var z in [0, 10]\`.`,
  }),
  BLO0916: entry<{ along: string; where: string }>({
    severity: "warning",
    title: "lower level seems unbounded",
    message: (p) =>
      `the lower level seems to have no solution: ${p.where} its objective falls over every distance looked at along ${p.along}`,
    hint: "bound the lower variables in the lower level: upper constraints do not bind the follower",
    page: `The lower constraints hold along the ray, and the lower objective falls in steady proportion to the distance, as far as was
looked: up to about 1e8 times the size of y. That is seen, not proved. Where it is so at every x that was looked at, the run ends
\`unbounded\`; else the x may just be one that the follower has no answer to. The ray says how the variables move, the largest
by 1. A bound of a lower variable that stands in the upper level restricts x only.

Wrong, since y may be as large as it likes:

\`\`\`
upper { var x in [0, 1]; minimize x + y; subject to y <= 5 }
lower { var y; minimize x * y - 2y - sin(y); subject to y >= 0 }
\`\`\`

Mended: \`var y in [0, 5]\` in the lower level.`,
  }),
  BLO0917: entry<{ constraint: string; size: number }>({
    severity: "warning",
    title: "lower constraint that all but vanishes at the answer",
    message: (p) =>
      `the multiplier of ${p.constraint} is ${p.size.toExponential(1)}: the constraint hardly depends on the lower variables at the answer`,
    hint: "write a constraint that only holds with equality as one; scale a constraint that is measured in small units",
    page: `A multiplier times its constraint's gradient is of the size of the lower objective's gradient. Where the multiplier is huge, the
gradient of the constraint all but vanishes. It may be measured in units that make it hold to tolerances only; or hold with equality
at its own minimum, as a square that is to be at most zero; or the answer lies at the border of where it says anything at all (where
the lower level has another solution at the border itself, the run ends \`not-attained\`, BLO0919). The certificate holds to its
tolerances.

Wrong, since y may be larger than x by 10 before the constraint is violated by more than 1e-6:

\`\`\`
upper { var x in [0, 1]; minimize x + y }
lower { var y in [0, 1]; minimize -y; subject to 1e-7 * (y - x) <= 0 }
\`\`\`

Mended: \`y <= x\`.`,
  }),
  BLO0918: entry<{ along: string; from: string; to: string; distance: string }>({
    severity: "warning",
    title: "upper level seems unbounded",
    message: (p) =>
      `the upper objective falls from ${p.from} to ${p.to} through lower solutions along ${p.along}, over a distance of ${p.distance}: it seems to be unbounded`,
    hint: "bound the upper variables",
    page: `At growing distances along the ray, each ten times the one before, the lower level was solved and checked as the certificate
does it, the upper constraints hold, and the upper objective goes on falling without becoming slower. That is seen, not proved.
The ray says how the variables move, the largest by 1.

Wrong:

\`\`\`
upper { var x; minimize -x^2 + y }
lower { var y; minimize y^4 + (y - x)^2 }
\`\`\`

Mended: \`var x in [-10, 10]\`.`,
  }),
  BLO0919: entry<{ how: string }>({
    severity: "warning",
    title: "best value that is only approached",
    message: (p) => `the best value seems to be approached, not attained: ${p.how}`,
    hint: "keep away from the border, or bound the variables: var x in [0.01, 1]",
    page: `The problem seems to have no solution: points that pass the certificate come as close to a value as one likes, but no point has
it. Two cases are told apart. Either variables run away and the objective levels off; or the points come close to an x at which
a lower constraint stops saying anything, so that the follower does something else there. The point of the result is one of those
that come close. That is seen, not proved.

Wrong, since at x = 0 the lower level may choose any y, and takes 1:

\`\`\`
upper { var x in [0, 1]; minimize x + y }
lower { var y in [0, 1]; minimize -y; subject to x * y <= 0 }
\`\`\`

Mended: \`var x in [0.01, 1]\`.`,
  }),
} as const;
