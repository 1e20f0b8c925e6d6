/**
 * The values of a row that the importer's own code makes of its others: `derive`, and a `default` that is a function. One that asks
 * for another is answered when that is made, in whatever order the fields are.
 */
import { SluiceError } from "../core/errors.ts";
import { type Field, kindOf } from "../core/field.ts";
import type { Importer } from "../core/importer.ts";
import { CopyText } from "../values/copy-text.ts";
import { type Encode, type Finding, isWarning } from "../values/encode.ts";
import { askOwnValue } from "./own-value.ts";

/** A field that has such a value. */
export interface LateField {
  name: string;
  field: Field;
  make: (row: Readonly<Record<string, unknown>>) => unknown;
  /** How the definition calls it. */
  place: string;
  encode: Encode;
}

/** What a late field came to. */
export interface LateValue {
  /** COPY text; null: it is blank. */
  text: Uint8Array | null;
  finding: Finding | null;
}

export class LateValues {
  readonly #importer: Importer;
  readonly #fields: readonly LateField[];
  readonly #scratch = new CopyText(1024);

  constructor(importer: Importer, fields: readonly LateField[]) {
    this.#importer = importer;
    this.#fields = fields;
  }

  /**
   * The values of a row, by the fields' order. `known`: what the row has already, and null for the rest; `own`: the text that a
   * field's cell came to, which goes before its default.
   *
   * @throws SluiceError `invalid` where the code fails, or fields wait for one another.
   */
  of(known: Record<string, unknown>, own: readonly (Uint8Array | null)[]): LateValue[] {
    const made: (LateValue | null)[] = this.#fields.map(() => null);
    const waiting: string[] = [];
    const row = known;
    const valueOf = (k: number): unknown => {
      const { name, field } = this.#fields[k];
      const { text } = made[k] ?? make(k);
      const value = text === null ? null : kindOf(field).value(this.#read(text), field);
      // From now on it is a value like the others.
      Object.defineProperty(row, name, { value, enumerable: true });
      return value;
    };
    const make = (k: number): LateValue => {
      const { name } = this.#fields[k];
      if (waiting.includes(name)) throw this.#circle([...waiting.slice(waiting.indexOf(name)), name]);
      waiting.push(name);
      const text = own[k];
      const value = text === null ? this.#made(k, row) : { text, finding: null };
      waiting.pop();
      made[k] = value;
      return value;
    };
    for (const [k, { name }] of this.#fields.entries())
      Object.defineProperty(row, name, { get: () => valueOf(k), enumerable: true, configurable: true });
    return this.#fields.map((_, k) => made[k] ?? make(k));
  }

  #made(k: number, row: Readonly<Record<string, unknown>>): LateValue {
    const { field, make, place, encode } = this.#fields[k];
    const text = askOwnValue(() => make(row), { importer: this.#importer.name, place, kind: field.kind });
    const bytes = Buffer.from((text ?? "").trim());
    if (bytes.length === 0) return { text: null, finding: null };
    const scratch = this.#scratch;
    scratch.length = 0;
    const finding = encode(bytes, 0, bytes.length, scratch);
    const isTaken = (finding === null || isWarning(finding)) && scratch.length > 0;
    return { text: isTaken ? Uint8Array.from(scratch.bytes.subarray(0, scratch.length)) : null, finding };
  }

  #read(text: Uint8Array): string {
    const scratch = this.#scratch;
    scratch.length = 0;
    scratch.plain(text);
    return scratch.read(0, scratch.length);
  }

  #circle(names: readonly string[]): SluiceError {
    const [first] = names;
    return new SluiceError(
      "invalid",
      names.length === 2
        ? `Importer "${this.#importer.name}": the value of fields.${first} asks for itself. Let it come from other fields.`
        : `Importer "${this.#importer.name}": the values of ${names.map((name) => `fields.${name}`).join(", ")} wait for one another. Let one of them come from other fields.`,
    );
  }
}
