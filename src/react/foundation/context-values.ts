/** Values that are not in a file: whether what a person has typed looks like what an importer asks for. */
import type { ContextChoice, ContextType } from "../../client/index.ts";

const patterns: Readonly<Record<ContextType, RegExp>> = {
  text: /\S/,
  uuid: /^\s*[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\s*$/i,
  integer: /^\s*-?\d{1,10}\s*$/,
  bigint: /^\s*-?\d{1,19}\s*$/,
};

/** Whether there is something, and it looks like what is asked for. The server judges. */
export function fitsContext({ type, choices }: ContextChoice, value: string): boolean {
  return choices === undefined ? patterns[type].test(value) : choices.includes(value);
}
