/** A field of several cells of a row: an array with the names of its columns, or a document. */
import { kindOf } from "../core/field.ts";
import type { ColumnsField } from "../core/fields/columns.ts";
import type { JsonField } from "../core/fields/json.ts";
import type { Mapping } from "../core/import.ts";
import type { Importer } from "../core/importer.ts";
import type { Batch } from "../core/row.ts";
import { endArray, writeElement } from "../values/array-element.ts";
import { CopyText } from "../values/copy-text.ts";
import { type Finding, isWarning } from "../values/encode.ts";
import { blankWord } from "../values/encode-bare.ts";
import { joinedObject, jsonMember } from "../values/encode-json.ts";
import { withPart } from "../values/encode-list.ts";
import { encodePlainText } from "../values/encode-text.ts";
import { encodersOf } from "../values/encoder.ts";
import type { Encoders } from "../values/read-field.ts";
import { isNotAvailable } from "../values/spreadsheet-error.ts";
import type { CellView } from "./cell-view.ts";
import { type FieldPart, partsOf } from "./field-parts.ts";

/** Reads the cells of a row into the stage's columns of the field, in their order. */
export interface Composite {
  readonly field: string;
  /** How many columns of the stage it fills. */
  readonly width: number;
  /**
   * Appends the values, one after the other by `next`, which begins a column. Returns whether there is a value; what is wrong is told to
   * `note`.
   */
  encode(batch: Batch, firstCell: number, view: CellView, out: CopyText, note: Note, next: () => void): boolean;
}

export type Note = (finding: Finding) => void;

interface Part extends FieldPart {
  encoders: Encoders;
}

/** A part's value as COPY text. No part is read while another is. */
const scratch = new CopyText(4096);

const required: Finding = { code: "required" };

export function compositeOf(importer: Importer, mapping: Mapping, name: string): Composite {
  const field = importer.fields[name];
  const parts = (partsOf(importer, mapping, name) ?? []).map((part): Part => {
    const { transform = {} } = part.mapped;
    return { ...part, encoders: encodersOf(name, part.feed.field, { transform, column: part.mapped, isKey: false }) };
  });
  return field.kind === "json" ? documentOf(name, field, parts) : severalOf(name, field as ColumnsField, parts);
}

/** Reads one part into `scratch`. False: it is blank, or wrong. */
function readPart(part: Part, batch: Batch, firstCell: number, view: CellView, note: Note): boolean {
  scratch.length = 0;
  if (!view.look(batch, firstCell + part.column)) {
    if (part.mapped.default === undefined) return false;
    view.set(Buffer.from(part.mapped.default));
  }
  const finding = encodePart(part, view, note);
  if (finding === blankWord) {
    view.set(Buffer.from(part.mapped.default ?? ""));
    if (view.isBlank) return false;
    const byDefault = encodePart(part, view, note);
    return (byDefault === null || isWarning(byDefault)) && scratch.length > 0;
  }
  return (finding === null || isWarning(finding)) && scratch.length > 0;
}

function encodePart(part: Part, view: CellView, note: Note): Finding | null {
  const { bytes, start, end, isTyped, problem } = view;
  const { encode, encodeTyped, heedsBlankWords } = part.encoders;
  const isBlank = problem !== null && heedsBlankWords && isNotAvailable(bytes, start, end);
  const finding = isBlank ? blankWord : (problem ?? (isTyped ? encodeTyped : encode)(bytes, start, end, scratch));
  if (finding !== null) note(withPart(finding, bytes, start, end, part.name === null ? "" : `${part.name}: `));
  return finding;
}

/** Two columns: the values, and what each column is called. */
function severalOf(field: string, { required: isRequired }: ColumnsField, parts: readonly Part[]): Composite {
  const names = parts.map(({ name }) => {
    const text = new CopyText(64);
    const bytes = Buffer.from(name ?? "");
    encodePlainText(bytes, 0, bytes.length, text);
    return text;
  });
  return {
    field,
    width: 2,
    encode(batch, firstCell, view, out, note, next) {
      const filled: CopyText[] = [];
      next();
      for (const [k, part] of parts.entries()) {
        if (!readPart(part, batch, firstCell, view, note)) continue;
        writeElement(out, scratch, filled.length === 0);
        filled.push(names[k]);
      }
      if (filled.length > 0) endArray(out);
      next();
      for (const [k, name] of filled.entries()) writeElement(out, name, k === 0);
      if (filled.length > 0) endArray(out);
      else if (isRequired) note(required);
      return filled.length > 0;
    },
  };
}

/** A document: what a cell of JSON says, and over it the members that have columns. */
function documentOf(field: string, { required: isRequired }: JsonField, parts: readonly Part[]): Composite {
  const base = parts.find(({ name }) => name === null);
  const members = parts.filter(({ name }) => name !== null);
  return {
    field,
    width: 1,
    encode(batch, firstCell, view, out, note, next) {
      next();
      const whole =
        base !== undefined && readPart(base, batch, firstCell, view, note) ? scratch.read(0, scratch.length) : "";
      const read: string[] = [];
      for (const part of members) {
        const name = part.name as string;
        if (!readPart(part, batch, firstCell, view, note)) {
          if (part.feed.field.required && scratch.length === 0 && view.isBlank)
            note({ ...required, params: { part: name } });
          continue;
        }
        const text = kindOf(part.feed.field).json?.(scratch.read(0, scratch.length), part.feed.field);
        read.push(jsonMember(name, text, scratch));
      }
      if (whole === "" && read.length === 0) {
        if (isRequired) note(required);
        return false;
      }
      // An array has no members.
      if (whole.startsWith("[") && read.length > 0) note({ code: "json_invalid" });
      out.text(joinedObject(whole === "" ? "{}" : whole, read));
      return true;
    },
  };
}
