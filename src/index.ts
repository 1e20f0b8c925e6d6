/** The face of Sluice: what an importer, a config and a program that imports need. */
export { type Config, type ConfigFile, defineConfig } from "./config.ts";
export { type ErrorCode, SluiceError } from "./errors.ts";
export {
  type ContextScope,
  type Field,
  type FieldKind,
  type FieldOptions,
  type FieldValue,
  field,
  type Language,
  type MergeRule,
} from "./field.ts";
export type { Action, Assignment, Counts, DuplicateStrategy, ImportJob, Mapping, Status } from "./import.ts";
export {
  atLeastOne,
  defineImporter,
  type Importer,
  type ImporterDefinition,
  type LoadChunk,
  type RowCheck,
  type RowFinding,
  type RowOf,
  type Run,
  type SessionSettings,
  type TableDefinition,
  type TypedImporter,
} from "./importer.ts";
export { leads } from "./importers/leads/leads.ts";
export { type Issue, type IssueCode, type IssueCount, issueSeverity, type Severity } from "./issue.ts";
export type { Role, User, UserAction } from "./users.ts";
