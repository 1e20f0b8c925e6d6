/** What Sluice imports where no config says so: all that it ships. A config lists its own, and takes of these what it wants. */
import type { Importer } from "../core/importer.ts";
import { dealers } from "./catalog/dealers.ts";
import { products } from "./catalog/products.ts";
import { leads } from "./leads/leads.ts";
import { activities } from "./yearwheel/activities.ts";

export const shippedImporters: readonly Importer[] = [leads, products, dealers, activities];
