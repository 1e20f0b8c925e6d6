/** A file for the review: rows of every kind that can be wrong, and some that are only long. */

export const longText = `${"A very long note about this person. ".repeat(40)}The end.`;
export const rightToLeft = "شركة الاختبار المحدودة";

/** Row 2 is the first. Of 60 rows 12 have a status nobody knows, three an e-mail that is none, two stand in the file twice. */
export function reviewFile(rows = 60): string {
  const lines = ["Email,First name,Last name,City,Status,Company,Notes"];
  for (let row = 2; row < rows + 2; row++) {
    const email = row % 20 === 3 ? `person${row}.example.com` : `person${row}@example.com`;
    const status = row % 5 === 0 ? (row % 15 === 0 ? "Hot" : "Gagnéé") : "Nouveau";
    const company = row === 4 ? rightToLeft : `Company ${row}`;
    const notes = row === 6 ? longText : "";
    lines.push(`${email},First ${row},Last ${row},${row % 3 === 0 ? "Parris" : "Lyon"},${status},${company},${notes}`);
  }
  lines.push(
    "person2@example.com,Twice,Once,Lyon,Nouveau,Company 2,",
    "PERSON4@example.com,Twice,Again,Lyon,Nouveau,C,",
  );
  return `${lines.join("\n")}\n`;
}
