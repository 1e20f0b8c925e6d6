/** The face of Sluice: what an importer, a config and a program that imports need. */

export { type Config, type ConfigFile, defineConfig } from "./config.ts";
export type {
  ContextDatabase,
  ContextField,
  ContextRequest,
  ContextType,
  ContextValues,
  PinnedValue,
} from "./core/context.ts";
export { defineImporter } from "./core/definition/define-importer.ts";
export { type ErrorCode, SluiceError } from "./core/errors.ts";
export {
  type BooleanField,
  type ChoiceField,
  type ContextScope,
  type DateField,
  type DatetimeField,
  type DecimalField,
  type EmailField,
  type Field,
  type FieldKind,
  type FieldOptions,
  type FieldValue,
  field,
  type IntegerField,
  type Language,
  type MergeRule,
  type NumberLimits,
  type PhoneField,
  type ReferenceField,
  type ReferenceOptions,
  type TextField,
  type TextLimits,
  type YearOptions,
} from "./core/field.ts";
export type { Action, Assignment, Counts, DuplicateStrategy, ImportJob, Mapping, Status } from "./core/import.ts";
export {
  type AnyRowCheck,
  atLeastOne,
  type Fields,
  type History,
  type Importer,
  type ImporterDefinition,
  type LoadChunk,
  type Owners,
  type RowCheck,
  type RowFinding,
  type RowOf,
  type Run,
  type SessionSettings,
  type TableDefinition,
  type Target,
  type TypedImporter,
} from "./core/importer.ts";
export { type Issue, type IssueCode, type IssueCount, issueSeverity, type Severity } from "./core/issue.ts";
export type { Role, User, UserAction } from "./core/users.ts";
export { leads } from "./importers/leads/leads.ts";
