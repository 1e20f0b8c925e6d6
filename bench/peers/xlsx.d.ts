/**
 * The part of SheetJS that the peers use, declared here so that the project's type check needs nothing from this folder's
 * own package.json.
 */
declare module "xlsx" {
  export interface ReadOptions {
    dense?: boolean;
    cellDates?: boolean;
    cellFormula?: boolean;
    cellHTML?: boolean;
    cellText?: boolean;
  }
  /** A dense sheet: rows of cells, with holes. */
  export type DenseSheet = ({ v?: unknown } | undefined)[][];

  const XLSX: {
    readFile(path: string, options: ReadOptions): { SheetNames: string[]; Sheets: Record<string, DenseSheet> };
  };
  export default XLSX;
}
