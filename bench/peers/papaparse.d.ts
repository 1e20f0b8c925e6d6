/**
 * The part of Papa Parse that the peers and the differential test use, declared here so that the project's type check needs nothing from this
 * folder's own package.json.
 */
declare module "papaparse" {
  import type { Readable } from "node:stream";

  export interface Parser {
    pause(): void;
    resume(): void;
    abort(): void;
  }

  export interface ParseConfig {
    delimiter?: string;
    newline?: string;
    header?: boolean;
    skipEmptyLines?: boolean | "greedy";
    /** Called with the complete rows of each piece that the stream delivers. */
    chunk?: (results: { data: string[][] }, parser: Parser) => void;
    complete?: () => void;
    error?: (error: Error) => void;
  }

  const Papa: {
    parse(input: Readable, config: ParseConfig): void;
    parse(input: string, config: ParseConfig): { data: string[][]; errors: { message: string }[] };
  };
  export default Papa;
}
