/** A field of several columns: each cell is read as its element says, and staging puts them together. */

import type { Field } from "../core/field.ts";
import { arrayText } from "../core/fields/array-text.ts";
import type { ColumnsField } from "../core/fields/columns.ts";
import { storedParts } from "./encode-list.ts";
import type { EncodersOf, FieldReader } from "./read-field.ts";

export const columnsReader = (encodersOf: EncodersOf, writtenText: (field: Field, stored: string) => string) =>
  ({
    encoder: (field, options) => encodersOf("element", field.element, options).encode,
    written: (field, stored) =>
      arrayText(storedParts(stored).map((part) => (part === null ? null : writtenText(field.element, part)))),
    shown: (_field, stored) => storedParts(stored).join("; "),
  }) as const satisfies FieldReader<ColumnsField>;
