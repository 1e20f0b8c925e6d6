/** What a source is, in words: where its files are, when it is looked at, and what has become of them so far. */
import type { ReactNode } from "react";
import type { Source } from "../../client/index.ts";
import { useFormats } from "../foundation/format.ts";
import { useImporters } from "../foundation/importer-queries.ts";
import { useSluice } from "../foundation/Sluice.tsx";
import { useTexts } from "../foundation/texts.ts";
import { Facts } from "../parts/Card.tsx";
import { rhythmOf, rhythmParams } from "./schedule-words.ts";

export function SourceFacts({ source }: { source: Source }): ReactNode {
  const t = useTexts("sources");
  const { moment, number } = useFormats();
  const { labelOf } = useImporters();
  const { place, importer, context, files, lookedAt, counts, done } = source;
  const address = addressOf(place);
  const becomes = [labelOf(importer), ...Object.values(context)].join(" · ");
  const waiting = counts.new + counts.ready + counts.made;
  const passedOver = counts.same + counts.empty;
  return (
    <>
      <p className="small source-place">
        {t(`place_${place.kind}`)}
        {address !== null && (
          <>
            {" · "}
            <bdi>{address}</bdi>
          </>
        )}
      </p>
      <p className="muted small">
        <bdi>{becomes}</bdi>
        {files.join() !== "*" && (
          <>
            {" · "}
            <bdi>{files.join(", ")}</bdi>
          </>
        )}
        {done !== "keep" && ` · ${done === "delete" ? t("doneDelete") : t("doneMove", { folder: done.moveTo })}`}
      </p>
      <p className="small">
        <Schedule source={source} />
      </p>
      <Facts
        inRow
        facts={[
          [t("nextLook"), <NextLook key="next" source={source} />],
          [t("lastLook"), lookedAt === null ? t("never") : moment(lookedAt)],
          [t("fetched"), number(counts.imported)],
          [t("waiting"), number(waiting)],
          [t("passedOver"), passedOver === 0 ? null : number(passedOver)],
          [t("failed"), number(counts.failed)],
        ]}
      />
    </>
  );
}

function Schedule({ source: { schedule, timeZone } }: { source: Source }): ReactNode {
  const t = useTexts("sources");
  const { language } = useSluice();
  if (schedule === null) return t("scheduleNone");
  const rhythm = rhythmOf(schedule);
  return (
    <>
      {rhythm === null ? (
        <>
          {t("scheduleCron")} <code>{schedule}</code>
        </>
      ) : (
        t(`every_${rhythm.every}`, rhythmParams(rhythm, language))
      )}{" "}
      <span className="muted">({timeZone})</span>
    </>
  );
}

/** The nearer of the schedule's time and the one that something else asks for. */
function NextLook({ source: { state, nextRunAt, lookAt } }: { source: Source }): ReactNode {
  const t = useTexts("sources");
  const { moment } = useFormats();
  if (state !== "working") return "–";
  const [next] = [nextRunAt, lookAt].filter((each) => each !== null).sort();
  if (next === undefined) return "–";
  return Date.parse(next) <= Date.now() ? t("soon") : moment(next);
}

/** Null where a config's is not shown. Its members are the API's `SourcePlace`, without secrets. */
export function addressOf(place: Source["place"]): string | null {
  const text = (name: string): string => (typeof place[name] === "string" ? place[name] : "");
  switch (place.kind) {
    case "url":
      return text("url") || null;
    case "folder":
      return text("path") || null;
    case "s3":
      if (text("bucket") === "") return null;
      return `s3://${text("bucket")}/${text("prefix")}${text("endpoint") === "" ? "" : ` (${text("endpoint")})`}`;
    default: {
      if (text("host") === "") return null;
      const scheme = place.kind === "sftp" ? "sftp" : place.tls === "none" ? "ftp" : "ftps";
      const user = text("user") === "" ? "" : `${text("user")}@`;
      const host = text("host").includes(":") ? `[${text("host")}]` : text("host");
      const port = typeof place.port === "number" ? `:${place.port}` : "";
      return `${scheme}://${user}${host}${port}/${text("folder").replace(/^\//, "")}`;
    }
  }
}
