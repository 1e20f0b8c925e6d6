/** A server with the shop, for the worker's thread too. */
import type { ConfigFile } from "../../../src/index.ts";
import { shop } from "../../engine/records/shop.ts";

export const config: ConfigFile = { importers: [shop] };
