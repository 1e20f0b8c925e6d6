/** Numbers by record, of an importer whose rows make several: a line for each, with the columns that say something. */
export function recordTable<Name extends string>(
  records: Readonly<Record<string, Partial<Readonly<Record<Name, number>>>>>,
  columns: readonly Name[],
  titles: Partial<Readonly<Record<Name, string>>> = {},
  language = "en",
): string[] {
  const count = new Intl.NumberFormat(language);
  const lines = Object.entries(records);
  const shown = columns.filter((name, k) => k === 0 || lines.some(([, numbers]) => (numbers[name] ?? 0) > 0));
  const title = (name: Name): string => titles[name] ?? name;
  const nameWidth = Math.max(...lines.map(([name]) => name.length), 0);
  const cells = (texts: readonly string[]): string =>
    texts.map((text, k) => text.padStart(Math.max(11, title(shown[k]).length + 2))).join("");
  return [
    `  ${" ".repeat(nameWidth)}${cells(shown.map(title))}`,
    ...lines.map(
      ([name, numbers]) =>
        `  ${name.padEnd(nameWidth)}${cells(shown.map((column) => count.format(numbers[column] ?? 0)))}`,
    ),
  ];
}
