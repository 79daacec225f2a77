// What an iteration of each deterministic method costs above its oracle calls, on P1:  node bench/overhead.mjs [method …]
import { fileURLToPath } from "node:url";
import { runBundled } from "./bundle.mjs";

await runBundled(fileURLToPath(new URL("overhead.ts", import.meta.url)));
