/** What can be done about an error, as the command line says it: with its commands and flags. */
import { type IssueCode, issueNext } from "../core/issue.ts";
import { type NextStep, type Omittable, type StepWords, stepWords } from "../core/next-step.ts";
import { dialectFlagNames } from "./dialect-flags.ts";

const flags: Readonly<Record<Omittable, string>> = {
  ...dialectFlagNames,
  assignment: "--assign",
  context: "--context",
  importer: "the importer",
};

const sentences: StepWords<string> = {
  list_imports: () => "List them with: sluice jobs",
  list_importers: () => "sluice.config.ts lists them.",
  list_templates: () => "The wizard lists them.",
  choose_sheet: () => "Choose a sheet with --sheet.",
  choose_entry: () => "Choose a file of the archive with --entry.",
  choose_encoding: () => "Set it with --encoding.",
  choose_header_row: () => "Set it with --header-row, 0 for a file without a header.",
  omit_option: ({ option }) => `Omit ${flags[option]}.`,
  map_column: () => 'Map a column to it with --map "Column=field".',
  correct_mapping: ({ column, field }) => `Correct --map "${column}=${field}".`,
  settle_doubts: () => 'Map them with --map "Column=field", or accept the suggestions with --yes.',
  choose_importer: () => "Name it: sluice import IMPORTER FILE",
  give_context: ({ name }) => `Pass it with --context ${name}=VALUE.`,
  send_file: () => "Name it: sluice import IMPORTER FILE",
  name_file: () => "Name it: sluice import IMPORTER FILE",
  import_again: () => "Pass --again to import it once more.",
  upload_again: () => "Import the file again with --again.",
  delete_uploads: () => "The wizard lists them.",
  resume_import: ({ importId }) => `It goes on with: sluice resume ${importId}`,
  resume_undo: ({ importId }) => `It goes on with: sluice undo ${importId}`,
  reject_failures: () => "To reject such rows and go on, resume it with --reject-failures.",
  confirm_removals: ({ importId, records }) =>
    `If that is right: sluice resume ${importId} --confirm-removals ${records}`,
  reopen_import: ({ importId }) => `To start over: sluice jobs cancel ${importId}, then import the file with --again.`,
  list_records: ({ importId }) => `They are listed by: sluice jobs show ${importId} --json`,
  find_reason: ({ importId }) => `Beside the server, this shows the reason: sluice jobs show ${importId}`,
  write_importer: ({ table }) => `Write one with: sluice init --table ${table}`,
  migrate: () => "Run: sluice migrate",
  grant_role: ({ role }) => `Run as their owner: sluice migrate --grant ${role ?? "ROLE"}`,
  move_data_folder: () => "--data-dir does the same for one command.",
};

/** An error's message with what can be done about it. */
export function explain({ message, next }: { message: string; next?: NextStep | undefined }): string {
  const step = next === undefined ? undefined : stepWords(sentences, next);
  return step === undefined ? message : `${message} ${step}`;
}

/** Why an import has stopped. The commands that resume it are printed with its status; these are the others. */
export function explainStop(message: string, next: NextStep | undefined): string {
  return next === undefined || goingOn.has(next.code) ? message : explain({ message, next });
}

const goingOn: ReadonlySet<NextStep["code"]> = new Set(["resume_import", "resume_undo", "reject_failures"]);

/** The flag that settles an issue, to stand behind its title in any language: ` (--sheet)`. */
export function issueFlag(code: IssueCode): string {
  const flag = issueFlags[issueNext[code]?.code as keyof typeof issueFlags];
  return flag === undefined ? "" : ` (${flag})`;
}

const issueFlags = {
  choose_sheet: flags.sheet,
  choose_entry: flags.entry,
  choose_encoding: flags.encoding,
  choose_header_row: flags.headerRow,
};
