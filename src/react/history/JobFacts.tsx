/** The file, who uploaded it and when, and how long each part of the work took. */
import { type ReactNode, useState } from "react";
import type { Import } from "../../client/index.ts";
import { fileFormats } from "../../core/file-formats.ts";
import { useAnnounce } from "../foundation/Frame.tsx";
import { useFormats } from "../foundation/format.ts";
import { useTexts } from "../foundation/texts.ts";
import { Button } from "../parts/Button.tsx";
import { Card, Facts } from "../parts/Card.tsx";
import { PlaceLink } from "../parts/PlaceLink.tsx";
import { spansOf } from "./job-numbers.ts";

export function JobFacts({ job }: { job: Import }): ReactNode {
  const t = useTexts("history");
  const { bytes, number, moment, duration } = useFormats();
  const { dialect, parentId, children = [] } = job;
  const delimiters: Record<string, string> = { "\t": t("tab"), " ": t("space") };
  const packing = dialect.packing === "none" ? "" : ` (${dialect.packing})`;
  const facts: [string, ReactNode][] = [
    [t("format"), `${fileFormats[dialect.format].shortName}${packing}`],
    [t("size"), bytes(job.fileSizeBytes)],
    [t("columns"), number(dialect.columns.length)],
    [t("headerRow"), dialect.headerRow === 0 ? t("noHeader") : number(dialect.headerRow)],
  ];
  if (dialect.entry !== undefined) facts.push([t("entry"), <bdi key="entry">{dialect.entry}</bdi>]);
  if (dialect.sheet !== undefined) facts.push([t("sheet"), <bdi key="sheet">{dialect.sheet}</bdi>]);
  if (dialect.encoding !== undefined) facts.push([t("encoding"), dialect.encoding]);
  if (dialect.delimiter !== undefined) {
    facts.push([
      t("delimiter"),
      delimiters[dialect.delimiter] ?? (
        <code key="delimiter" className="job-sign">
          {dialect.delimiter}
        </code>
      ),
    ]);
  }
  facts.push([t("fileKept"), t(job.hasFile ? "yes" : "no")], [t("hash"), <Hash key="hash" hash={job.fileHash} />]);
  for (const { phase, from, to, ms } of spansOf(job, Date.now())) {
    facts.push([
      t(`took_${phase}`),
      <span key={phase}>
        {duration(ms)}{" "}
        <span className="muted small">{to === null ? t("since", { time: moment(from) }) : moment(from)}</span>
      </span>,
    ]);
  }
  if (parentId !== null) {
    facts.push([
      t("parent"),
      <PlaceLink key="parent" to={{ page: "job", id: parentId }}>
        {t("number", { id: String(parentId) })}
      </PlaceLink>,
    ]);
  }
  if (children.length > 0) {
    facts.push([
      t("children"),
      <span key="children" className="row job-links">
        {children.map((id) => (
          <PlaceLink key={id} to={{ page: "job", id }}>
            {t("number", { id: String(id) })}
          </PlaceLink>
        ))}
      </span>,
    ]);
  }
  return (
    <Card title={t("fileAndTimes")}>
      <Facts facts={facts} />
    </Card>
  );
}

function Hash({ hash }: { hash: string }): ReactNode {
  const t = useTexts("history");
  const announce = useAnnounce();
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(hash);
    setCopied(true);
    announce(t("copied"));
  };
  return (
    <span className="row job-hash">
      <code>
        {hash.slice(0, 12)}…<span className="hidden-text">{hash.slice(12)}</span>
      </code>
      {typeof navigator !== "undefined" && navigator.clipboard !== undefined && (
        <Button size="small" look="quiet" icon={copied ? "check" : "link"} onClick={() => void copy().catch(() => {})}>
          {t(copied ? "copied" : "copy")}
        </Button>
      )}
    </span>
  );
}
