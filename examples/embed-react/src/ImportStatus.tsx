/** A line of the page's own about an import, made with the hooks. */

import { useImport, useImportProgress } from "@sluice/react";
import type { ReactNode } from "react";

export function ImportStatus({ id }: { id: number }): ReactNode {
  const { data, error } = useImport(id);
  const progress = useImportProgress(id);
  if (error !== null)
    return (
      <>
        Import {id}: {error.message}
      </>
    );
  if (data === undefined) return <>Import {id} …</>;
  return (
    <>
      {data.fileName} is {data.status}
      {progress?.percent != null && `, ${Math.round(progress.percent)} %`}
    </>
  );
}
