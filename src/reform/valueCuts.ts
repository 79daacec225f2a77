/**
 * Cuts from the lower value function. Where y_k is feasible at x, a lower solution y is no worse than y_k:
 *
 *   g(x, y) <= g(x, y_k)   or   some h_i(x, y_k) > 0         (as in Mitsos, Lemonidis and Barton, J. Global Optim. 42, 2008)
 *
 * The alternative is written without a case distinction: there are weights w >= 0, sum w = 1, with
 *
 *   w_0 (g(x, y) - g(x, y_k) - tolerance) - sum_i w_i h_i(x, y_k) <= 0,
 *
 * exactly where one of the terms is at most zero. The y_k are parameters; equalities among the lower constraints count as two
 * inequalities. Cuts are added to the first-order conditions of the lower level, or to its constraints alone.
 */
import type { InputBlock, Node } from "../expr/node.js";
import { substitute } from "../expr/substitute.js";
import type { Problem } from "../model/problem.js";
import { boundedBlock, feasibleSet, joined } from "./levels.js";
import { type Block, freeBlock, type Program, type Rows, rowsOf } from "./program.js";
