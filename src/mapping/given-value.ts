/** A value that a person gives for a whole field: whether it can be one, asked before a file's every row is refused for it. */
import { SluiceError, told } from "../core/errors.ts";
import { feedOf } from "../core/feeds.ts";
import { kindOf } from "../core/field.ts";
import type { Transform } from "../core/import.ts";
import type { Importer } from "../core/importer.ts";
import { refusalOf } from "../values/encode-bare.ts";
import { encodersOf } from "../values/encoder.ts";

/** Kinds whose sample says what a value looks like. */
const telling: ReadonlySet<string> = new Set([
  "email",
  "phone",
  "integer",
  "decimal",
  "date",
  "datetime",
  "time",
  "url",
]);

/** @throws SluiceError `invalid` for a text that the field does not take; its own validator is not asked. */
export function refuseBadValue(importer: Importer, name: string, text: string, transform: Transform = {}): void {
  const feed = feedOf(importer, name);
  if (feed === null) return;
  const field = { ...feed.field, validate: undefined } as typeof feed.field;
  const cell = text.trim();
  if (cell === "") return;
  const { encode } = encodersOf(name, field, { transform, isKey: false });
  if (refusalOf(encode, cell) === null) return;
  const { choices, samples } = kindOf(field);
  const known = choices?.(field).map(({ value }) => value);
  const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  throw new SluiceError(
    "invalid",
    known !== undefined
      ? told`"${shown}" is none of the choices of the field "${name}". Use one of: ${known.join(", ")}.`
      : telling.has(field.kind)
        ? told`"${shown}" is no value for the field "${name}". Enter one such as ${samples(field)[0]}.`
        : told`"${shown}" is no value that the field "${name}" takes. Enter another one.`,
    { next: { code: "correct_mapping", column: "", field: name } },
  );
}
