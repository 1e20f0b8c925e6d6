/** The import that this one corrects, and those that correct this one. */
import type { ReactNode } from "react";
import type { Import } from "../../../client/index.ts";
import { useTexts } from "../../foundation/texts.ts";
import { Card } from "../../parts/Card.tsx";
import { PlaceLink } from "../../parts/PlaceLink.tsx";

export function RelatedRecords({ job: { parentId, children = [] } }: { job: Import }): ReactNode {
  const t = useTexts("commit");
  if (parentId === null && children.length === 0) return null;
  return (
    <Card title={t("related")}>
      <ul className="related">
        {parentId !== null && (
          <li>
            <PlaceLink to={{ page: "import", id: parentId }}>{t("parent", { id: String(parentId) })}</PlaceLink>
          </li>
        )}
        {children.map((id) => (
          <li key={id}>
            <PlaceLink to={{ page: "import", id }}>{t("child", { id: String(id) })}</PlaceLink>
          </li>
        ))}
      </ul>
    </Card>
  );
}
