/**
 * What somebody can do about an error, an issue or an import that has stopped: a code with what it is about. Each face has
 * words of its own for it: the command line its flags (cli/next-step.ts), the API its requests (http/request/next-hint.ts), the page
 * its buttons (react/next-step.ts). So a sentence of the engine says what is wrong, and never how to put it right in one of them.
 */

export type NextStep =
  /** The import or importer that was named is not there. */
  | { readonly code: "list_imports" }
  | { readonly code: "list_importers" }
  | { readonly code: "list_templates" }
  /** The file has other sheets with data. */
  | { readonly code: "choose_sheet" }
  /** The zip archive has other files with tables. */
  | { readonly code: "choose_entry" }
  /** The encoding was guessed, or does not fit. */
  | { readonly code: "choose_encoding" }
  /** The header is not where it was looked for. */
  | { readonly code: "choose_header_row" }
  /** Something was given that means nothing here. */
  | { readonly code: "omit_option"; readonly option: Omittable }
  /** `fields`: names, and groups of which one is needed (`email | phone`). */
  | { readonly code: "map_column"; readonly fields: string; readonly importId?: number }
  /** What was said of a column cannot be. */
  | { readonly code: "correct_mapping"; readonly column: string; readonly field: string }
  | { readonly code: "settle_doubts"; readonly importId: number }
  | { readonly code: "choose_importer" }
  | { readonly code: "give_context"; readonly name: string }
  /** The request names no file, or its form has none. */
  | { readonly code: "send_file" }
  | { readonly code: "name_file" }
  /** The same file was imported before. */
  | { readonly code: "import_again"; readonly importId: number }
  /** The file itself is needed once more. */
  | { readonly code: "upload_again" }
  | { readonly code: "delete_uploads"; readonly uploadIds: string }
  | { readonly code: "resume_import"; readonly importId: number }
  | { readonly code: "resume_undo"; readonly importId: number }
  /** The database refuses many rows: they can be rejected, and the others imported. */
  | { readonly code: "reject_failures" }
  /** A replace or a mirror would remove so many records that somebody has to confirm the number. */
  | { readonly code: "confirm_removals"; readonly importId: number; readonly records: number }
  /** The mapping and options of an import are settled; reopen it to change them. */
  | { readonly code: "reopen_import"; readonly importId: number }
  | { readonly code: "list_records"; readonly importId: number }
  /** The rest is for the server's operator. */
  | { readonly code: "find_reason"; readonly importId: number }
  /** An importer of one's own for a table that is there. */
  | { readonly code: "write_importer"; readonly table: string }
  | { readonly code: "migrate" }
  | { readonly code: "grant_role"; readonly role: string | null }
  | { readonly code: "move_data_folder" };

/** What a request can leave out, by the API's names. */
export type Omittable =
  | "sheet"
  | "entry"
  | "delimiter"
  | "quote"
  | "escape"
  | "encoding"
  | "headerRow"
  | "assignment"
  | "context"
  | "importer";

export type NextCode = NextStep["code"];

/** The step of one code. */
export type StepOf<C extends NextCode> = Extract<NextStep, { code: C }>;

/** Words for every step, or for the steps that a face knows. */
export type StepWords<Words> = { readonly [C in NextCode]: (step: StepOf<C>) => Words };

const codes: Readonly<Record<NextCode, true>> = {
  list_imports: true,
  list_importers: true,
  list_templates: true,
  choose_sheet: true,
  choose_entry: true,
  choose_encoding: true,
  choose_header_row: true,
  omit_option: true,
  map_column: true,
  correct_mapping: true,
  settle_doubts: true,
  choose_importer: true,
  give_context: true,
  send_file: true,
  name_file: true,
  import_again: true,
  upload_again: true,
  delete_uploads: true,
  resume_import: true,
  resume_undo: true,
  reject_failures: true,
  confirm_removals: true,
  reopen_import: true,
  list_records: true,
  find_reason: true,
  write_importer: true,
  migrate: true,
  grant_role: true,
  move_data_folder: true,
};

/** Every code, in the order of the docs. */
export const nextCodes = Object.keys(codes) as [NextCode, ...NextCode[]];

/** A step in a face's words. A code of a later version has none. */
export function stepWords<Words>(words: StepWords<Words>, step: NextStep): Words | undefined {
  const say = Object.hasOwn(words, step.code) ? words[step.code] : undefined;
  return (say as ((step: NextStep) => Words) | undefined)?.(step);
}
