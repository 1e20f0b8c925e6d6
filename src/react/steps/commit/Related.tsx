/** The import that this one corrects, and those that correct this one. */
import type { ReactNode } from "react";
import type { Import } from "../../../client/index.ts";
import { Card } from "../../parts/Card.tsx";
import { Go } from "../../parts/Go.tsx";
import { useTexts } from "../../texts.ts";

export function Related({ job: { parentId, children = [] } }: { job: Import }): ReactNode {
  const t = useTexts("commit");
  if (parentId === null && children.length === 0) return null;
  return (
    <Card title={t("related")}>
      <ul className="related">
        {parentId !== null && (
          <li>
            <Go to={{ page: "import", id: parentId }}>{t("parent", { id: String(parentId) })}</Go>
          </li>
        )}
        {children.map((id) => (
          <li key={id}>
            <Go to={{ page: "import", id }}>{t("child", { id: String(id) })}</Go>
          </li>
        ))}
      </ul>
    </Card>
  );
}
