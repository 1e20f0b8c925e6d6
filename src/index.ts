/** The face of Sluice: what an importer, a config and a program that imports need. */

export { type Config, type ConfigFile, defineConfig } from "./config.ts";
export type { Assignment } from "./core/assignment.ts";
export type {
  ContextDatabase,
  ContextField,
  ContextRequest,
  ContextType,
  ContextValues,
  PinnedValue,
} from "./core/context.ts";
export { defineImporter } from "./core/definition/define-importer.ts";
export type { DuplicateStrategy } from "./core/duplicates.ts";
export { type ErrorCode, SluiceError } from "./core/errors.ts";
export { type Field, type FieldKind, type FieldValue, field } from "./core/field.ts";
export type { BooleanField } from "./core/fields/boolean.ts";
export type { ChoiceField } from "./core/fields/choice.ts";
export type { DateField, YearOptions } from "./core/fields/date.ts";
export type { DatetimeField } from "./core/fields/datetime.ts";
export type { DecimalField } from "./core/fields/decimal.ts";
export type { EmailField } from "./core/fields/email.ts";
export type { IntegerField, NumberLimits } from "./core/fields/integer.ts";
export type { ContextScope, FieldOptions, MergeRule } from "./core/fields/kind.ts";
export type { Language } from "./core/fields/language.ts";
export type { PhoneField } from "./core/fields/phone.ts";
export type { ReferenceField, ReferenceOptions } from "./core/fields/reference.ts";
export type { TextField, TextLimits } from "./core/fields/text.ts";
export type { Action, Counts, ImportJob, Mapping, Status } from "./core/import.ts";
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
export { type PushTransport, pushQueue } from "./core/push-queue.ts";
export type { PushQueue, QueueOpener, QueueOptions, Task } from "./core/queue.ts";
export type { Sink, SinkMessage, Topic } from "./core/sink.ts";
export type { Role, User, UserAction } from "./core/users.ts";
export { leads } from "./importers/leads/leads.ts";
