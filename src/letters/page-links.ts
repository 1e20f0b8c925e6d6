/** Where people find things, for whoever writes to them. */

export interface PageLinks {
  /** Of an import; null: nobody has said where its page is. */
  import(id: number, isReview: boolean): string | null;
  rejectedRows(id: number): string | null;
  /** Of all imports, with the queue. */
  history: string | null;
  /** Of sources, for admins. */
  sources: string | null;
  /** Where a person chooses which mails they get. */
  settings: string | null;
}

/** `importLink`: another page than the shipped one, with `{id}`. */
export function pageLinks({ publicUrl, importLink }: { publicUrl: string; importLink: string }): PageLinks {
  const base = publicUrl.replace(/\/+$/, "");
  return {
    import(id, isReview) {
      if (importLink !== "") return importLink.replaceAll("{id}", String(id));
      if (base === "") return null;
      return isReview ? `${base}/import/${id}` : `${base}/import/history/${id}`;
    },
    rejectedRows: (id) => (base === "" ? null : `${base}/api/v1/imports/${id}/rejected.csv`),
    history: base === "" ? null : `${base}/import/history`,
    sources: base === "" || importLink !== "" ? null : `${base}/import/sources`,
    settings: base === "" || importLink !== "" ? null : `${base}/import/notifications`,
  };
}
