/** What can be done about an error or a stopped import, as the API says it: the code for programs, and a hint for their authors. */
import { z } from "@hono/zod-openapi";
import { type NextStep, nextCodes, type Omittable, type StepWords, stepWords } from "../../core/next-step.ts";

const members: Readonly<Record<Omittable, string>> = {
  sheet: "options.dialect.sheet",
  entry: "options.dialect.entry",
  delimiter: "options.dialect.delimiter",
  quote: "options.dialect.quote",
  escape: "options.dialect.escape",
  encoding: "options.dialect.encoding",
  headerRow: "options.dialect.headerRow",
  assignment: "options.assignment",
  context: "options.context",
  importer: "importer",
};

const hints: StepWords<string> = {
  list_imports: () => "GET /imports lists yours.",
  list_importers: () => "GET /importers lists those that you may use.",
  list_templates: () => "GET /templates lists yours.",
  choose_sheet: () => "Set options.dialect.sheet; GET /imports/{id}/sheets lists the sheets.",
  choose_entry: () => "Set options.dialect.entry; GET /imports/{id}/entries lists the files of the archive.",
  choose_encoding: () => "Set options.dialect.encoding.",
  choose_header_row: () => "Set options.dialect.headerRow, 0 for a file without a header.",
  omit_option: ({ option }) => `Omit ${members[option]}.`,
  map_column: ({ importId }) =>
    `PATCH /imports/${importId ?? "{id}"}/mapping: map a column to it by \`columns\`, or say in \`fields\` where its values come from: ` +
    "a constant, several columns joined, or a part of a column.",
  correct_mapping: () => "Correct the mapping in the request.",
  settle_doubts: ({ importId }) => `Send PUT /imports/${importId}/mapping, or start with acceptDoubts: true.`,
  choose_importer: () => "Set importer; GET /importers lists those that you may use.",
  give_context: ({ name }) => `Set options.context.${name}.`,
  send_file: () => "Send a part with a file name, such as curl's -F file=@leads.csv, or set either uploadId or fileOf.",
  name_file: () => "Send POST /uploads?name=leads.csv, or a form with the file.",
  import_again: () => "Create another import with again: true.",
  upload_again: () => "Upload the file and create another import: POST /uploads, POST /imports.",
  delete_uploads: () => "Send DELETE /uploads/{id} for one of them.",
  resume_import: ({ importId }) => `Send POST /imports/${importId}/resume.`,
  resume_undo: ({ importId }) => `Send POST /imports/${importId}/resume.`,
  reject_failures: () => "Send POST /imports/{id}/reject to reject such rows and go on.",
  confirm_removals: ({ importId, records }) =>
    `If that is right, send POST /imports/${importId}/resume with confirmRemovals: ${records}.`,
  reopen_import: ({ importId }) => `Send POST /imports/${importId}/reopen, or create another import of the file.`,
  list_records: ({ importId }) => `GET /imports/${importId}/records lists them.`,
  find_reason: ({ importId }) => `The server's log has the reason under import ${importId}.`,
  write_importer: () => "Whoever runs the server can define an importer for the table.",
  migrate: () => "Whoever runs the server can run the migrations.",
  grant_role: () => "Whoever owns the tables can grant it.",
  move_data_folder: () => "Whoever runs the server can set another folder.",
};

export const nextSchema = z
  .looseObject({
    code: z.enum(nextCodes).openapi({ description: "See docs/errors.md." }),
    hint: z.string().openapi({ description: "What it takes by this API, in English." }),
  })
  .openapi("NextStep", {
    description:
      "What can be done about it. Beside `code` stands what it is about, such as `importId`. A page says it with the names of its own buttons.",
    example: { code: "import_again", importId: 42, hint: "Create another import with again: true." },
  });

/** Null where there is nothing to do that depends on who does it. */
export function presentNext(next: NextStep | undefined): z.infer<typeof nextSchema> | null {
  const hint = next === undefined ? undefined : stepWords(hints, next);
  return next === undefined || hint === undefined ? null : { ...next, hint };
}
