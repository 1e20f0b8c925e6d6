/** SQL of a program's own inside a transaction of Sluice's: it may do what it likes there, but not end it. */
import { SluiceError, told } from "../../core/errors.ts";

/** Comments, strings, names and what is quoted by dollars (the Postgres manual, section 4.1), in which a word is none of SQL's. */
const quoted = /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\w*)\$[\s\S]*?\$\1\$/g;
/** A statement that begins or ends a transaction; back to a savepoint is none. */
const control =
  /(?:^|;)\s*(begin|start\s+transaction|commit|end|abort|prepare\s+transaction|rollback(?!\s+(?:(?:work|transaction)\s+)?to\b))\b/i;

/** @throws SluiceError `invalid` for SQL that would end the transaction: what it is about to do would stay, half done and uncounted. */
export function refuseTransactionControl(text: string): void {
  const [, word] = control.exec(text.replace(quoted, (part) => (/^[-/]/.test(part) ? " " : "x"))) ?? [];
  if (word === undefined) return;
  throw new SluiceError(
    "invalid",
    told`An importer's own SQL contains "${word.toLowerCase()}". It runs in Sluice's transaction, which commits its records together with their counts: remove it.`,
  );
}
