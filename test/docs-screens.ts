/** Puts the screens that the browser tests made into docs/screens/, where the README and the docs show them. */
import { copyFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

/** By the name in docs/screens, the one in test-results/screens. */
const screens = {
  columns: "journey-map-1280-light",
  review: "review-window",
  options: "journey-options-1280-light",
  summary: "journey-summary-1280-light",
  history: "history-light",
  themed: "embed-history-import-light",
} as const;

const root = fileURLToPath(new URL("..", import.meta.url));
for (const [name, made] of Object.entries(screens))
  await copyFile(`${root}test-results/screens/${made}.png`, `${root}docs/screens/${name}.png`);
