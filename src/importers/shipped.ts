/** What Sluice imports where no config says so: all that it ships. A config lists its own, and takes of these what it wants. */
import type { Importer } from "../core/importer.ts";
import { leads } from "./leads/leads.ts";

export const shippedImporters: readonly Importer[] = [leads];
