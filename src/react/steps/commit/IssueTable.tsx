/** Kinds of issue, each with its field and its number of rows. */
import type { ReactNode } from "react";
import type { Report } from "../../../client/index.ts";
import { useFormats } from "../../foundation/format.ts";
import { useTexts } from "../../foundation/texts.ts";
import { ScrollTable } from "../../parts/ScrollTable.tsx";

/** `head`: what an issue is called here. Nothing where there is none. */
export function IssueTable({
  label,
  head,
  issues,
}: { label: string; head: string } & Pick<Report, "issues">): ReactNode {
  const t = useTexts("commit");
  const { number } = useFormats();
  if (issues.length === 0) return null;
  return (
    <ScrollTable label={label} maxHeight={16} head={[head, t("field"), { number: t("howMany") }]}>
      {issues.map(({ field, code, label: name, title, count }) => (
        <tr key={`${field} ${code}`}>
          <td>{title}</td>
          <td dir="auto">{name ?? field ?? "–"}</td>
          <td className="number">{number(count)}</td>
        </tr>
      ))}
    </ScrollTable>
  );
}
