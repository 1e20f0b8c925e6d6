/**
 * How a person has laid out the grid's columns: their widths, those that are hidden, and up to which one they stay in view. Kept in this
 * browser, by importer: its next file looks the same.
 */
import { useState } from "react";

export interface GridLayout {
  /** In pixels, of columns that have another width than they begin with. */
  widths: Readonly<Record<string, number>>;
  hidden: readonly string[];
  /** The last column that stays in view while the others are scrolled; null: none. */
  frozen: string | null;
}

export const noLayout: GridLayout = { widths: {}, hidden: [], frozen: null };

/** Pixels. */
export const narrowest = 60;
export const widest = 800;
export const boundedWidth = (width: number): number => Math.round(Math.min(widest, Math.max(narrowest, width)));

const place = "sluice.columns";
/** Importers and columns that are remembered; the ones laid out last. */
const mostImporters = 20;
const mostColumns = 200;

export function useGridLayout(importer: string): [GridLayout, (layout: GridLayout) => void] {
  const [layout, setLayout] = useState(() => keptLayouts().find(([name]) => name === importer)?.[1] ?? noLayout);
  return [
    layout,
    (next) => {
      setLayout(next);
      keep(importer, next);
    },
  ];
}

export function isLaidOut({ widths, hidden, frozen }: GridLayout): boolean {
  return Object.keys(widths).length > 0 || hidden.length > 0 || frozen !== null;
}

function keptLayouts(): [string, GridLayout][] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(place) ?? "[]");
    return Array.isArray(kept) ? kept.filter(isKept) : [];
  } catch {
    return [];
  }
}

function isKept(value: unknown): value is [string, GridLayout] {
  if (!Array.isArray(value) || typeof value[0] !== "string") return false;
  const { widths, hidden, frozen } = (value[1] ?? {}) as Partial<GridLayout>;
  return (
    typeof widths === "object" &&
    widths !== null &&
    Object.values(widths).every((width) => Number.isFinite(width) && boundedWidth(width) === width) &&
    Array.isArray(hidden) &&
    hidden.every((field) => typeof field === "string") &&
    (frozen === null || typeof frozen === "string")
  );
}

// A browser may forbid storage: then the layout lasts as long as the step.
function keep(importer: string, layout: GridLayout): void {
  const others = keptLayouts().filter(([name]) => name !== importer);
  const own: [string, GridLayout] = [
    importer,
    {
      widths: Object.fromEntries(Object.entries(layout.widths).slice(-mostColumns)),
      hidden: layout.hidden.slice(-mostColumns),
      frozen: layout.frozen,
    },
  ];
  try {
    localStorage.setItem(place, JSON.stringify([...others, ...(isLaidOut(layout) ? [own] : [])].slice(-mostImporters)));
  } catch {}
}
