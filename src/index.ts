/** The face of Sluice: what an importer, a config and a program that imports need. */

export { type Config, type ConfigFile, defineConfig } from "./config.ts";
export type { AnalysisOptions } from "./core/analysis-options.ts";
export type { Assignment } from "./core/assignment.ts";
export type { BatchRoute } from "./core/batch-route.ts";
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
export type { ContextScope, DefaultValue, FieldOptions, MergeRule, OtherValues } from "./core/fields/kind.ts";
export type { Language } from "./core/fields/language.ts";
export type { PhoneField } from "./core/fields/phone.ts";
export type { ReferenceField, ReferenceOptions } from "./core/fields/reference.ts";
export type { TextField, TextLimits } from "./core/fields/text.ts";
export type { Action, Counts, ImportJob, Mapping, Status } from "./core/import.ts";
export {
  type AnyRowCheck,
  atLeastOne,
  type Fields,
  type FinishedImport,
  type History,
  type Importer,
  type ImporterDefinition,
  type LoadChunk,
  type LoadDatabase,
  type Owners,
  type RowCheck,
  type RowFinding,
  type RowOf,
  type SessionSettings,
  type SynchronousLimits,
  sqlCheck,
  type TableDefinition,
  type Target,
  type TypedImporter,
  type ViewDefinition,
} from "./core/importer.ts";
export { type Issue, type IssueCode, type IssueCount, issueSeverity, type Severity } from "./core/issue.ts";
export type { Key } from "./core/keys.ts";
export { type FieldsOfOptions, fieldsOf } from "./core/models/fields-of.ts";
export type { Mode } from "./core/modes.ts";
export { type PushTransport, pushQueue } from "./core/push-queue.ts";
export type { PushQueue, QueueOpener, QueueOptions, Task } from "./core/queue.ts";
export {
  type AfterCommit,
  type Applied,
  type ApplyOptions,
  type ChangedRecords,
  type IndexRebuild,
  type RecordSink,
  type RecordSource,
  type RefusedDocument,
  type SinkBatch,
  type SinkDocument,
  SinkFull,
  SinkUnavailable,
} from "./core/record-sink.ts";
export {
  constant,
  type FixedValue,
  type KeyPart,
  type Made,
  nameOf,
  now,
  type OnMatch,
  type OnMissing,
  onCreate,
  type RecordDefinition,
  type RecordPlan,
  type Ref,
  ref,
  type ValueSource,
} from "./core/records.ts";
export type { Repeats } from "./core/repeats.ts";
export type { Run } from "./core/run.ts";
export { MessageRefused, type Sink, type SinkMessage, type Topic } from "./core/sink.ts";
export type { Role, User, UserAction } from "./core/users.ts";
export { leads } from "./importers/leads/leads.ts";
