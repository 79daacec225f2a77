import { entry } from "./entry.js";

export const domains = {} as const;
