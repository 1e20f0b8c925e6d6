/** What Sluice imports, and where to. Every setting: docs/config.md. */
import { defineConfig } from "sluice";
import { customers } from "./src/importers/customers.ts";

export const config = defineConfig({ importers: [customers] });
