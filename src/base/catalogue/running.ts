import { entry } from "./entry.js";

export const running = {} as const;
