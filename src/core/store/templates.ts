/**
 * Remembered mappings: what served for a file of some columns is offered again for the next that has the same ones. Kept per
 * importer, context, person and header fingerprint; postgres/jobs/templates.ts is the adapter.
 */

import type { ContextValues } from "../context.ts";
import type { Mapping } from "../import.ts";
import type { RememberedOptions } from "../import-options.ts";
import type { RememberedReading } from "../reading.ts";
import type { ImportBounds, Listed, Page } from "./archive.ts";

export interface MappingTemplate extends RememberedOptions {
  id: number;
  importer: string;
  /** Id of the user; '' if nobody in particular uploaded the file. */
  createdBy: string;
  /** Of the imports that it serves. */
  context: Record<string, string>;
  /** SHA-256 in hex over the folded names of the columns, sorted: their order does not matter. */
  fingerprint: string;
  mapping: Mapping;
  /** What was said of rows and cells; null: nothing. */
  reading: RememberedReading | null;
  /** What a person calls it; null: remembered without being asked. */
  name: string | null;
  createdAt: Date;
  updatedAt: Date;
}

export type NewTemplate = Omit<MappingTemplate, "id" | "createdAt" | "updatedAt">;

export interface TemplateFilter {
  /** Absent: everybody's. */
  createdBy?: string;
  importer?: string;
  context?: ContextValues;
  /** Absent or null: whatever their context. */
  bounds?: ImportBounds | null;
  fingerprint?: string;
}

export interface Templates {
  /** Those after the id, newest first. */
  list(filter: TemplateFilter, page: Page): Promise<Listed<MappingTemplate>>;
  /** @throws SluiceError `not_found` */
  get(id: number): Promise<MappingTemplate>;
  /** Takes the place of the one of the same importer, context, person and fingerprint; without a name it keeps that one's. */
  put(template: NewTemplate): Promise<MappingTemplate>;
  /** @throws SluiceError `not_found` */
  rename(id: number, name: string | null): Promise<MappingTemplate>;
  delete(id: number): Promise<void>;
}
