/** The importers that Sluice ships, to be listed in a config: `import { leads } from "sluice/importers"`. */
export { dealers } from "./catalog/dealers.ts";
export { importLogViews } from "./catalog/import-log.ts";
export { products } from "./catalog/products.ts";
export { leads } from "./leads/leads.ts";
export { activities } from "./yearwheel/activities.ts";
