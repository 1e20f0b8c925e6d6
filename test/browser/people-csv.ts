/** A file of people, as large as a test wants it, with some rows that are not right. */

/**
 * `p1@example.com` and so on, by row number from 2. `bad`: rows whose e-mail is none; `gate`: the row whose e-mail is
 * `gate@example.com`.
 */
export function peopleCsv(rows: number, { bad = [], gate }: { bad?: readonly number[]; gate?: number } = {}): string {
  const lines = Array.from({ length: rows }, (_, k) => {
    const row = k + 2;
    const email = bad.includes(row) ? "not an address" : row === gate ? "gate@example.com" : `p${row}@example.com`;
    return `${email},Person ${row},City ${row % 40}`;
  });
  return `email,last_name,city\n${lines.join("\n")}\n`;
}
