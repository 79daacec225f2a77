import { entry } from "./entry.js";

export const data = {} as const;
