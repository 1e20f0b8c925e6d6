/** The importers that Sluice ships, to be listed in a config: `import { leads } from "sluice/importers"`. */
export { leads } from "./leads/leads.ts";
