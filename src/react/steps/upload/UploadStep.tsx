/** A new import begins: its importer is chosen, and its file dropped. */
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import type { ContextChoice } from "../../../client/index.ts";
import { fitsContext } from "../../foundation/context-values.ts";
import { useFormats } from "../../foundation/format.ts";
import { importerQuery, importersQuery } from "../../foundation/importer-queries.ts";
import { useSluice } from "../../foundation/Sluice.tsx";
import { useTexts } from "../../foundation/texts.ts";
import { Button } from "../../parts/Button.tsx";
import { Card } from "../../parts/Card.tsx";
import { Notice, Problem } from "../../parts/Notice.tsx";
import { Empty, Placeholder } from "../../parts/Placeholder.tsx";
import { StepHead } from "../../parts/Step.tsx";
import type { ChosenFile } from "./chosen-file.ts";
import { DropZone } from "./DropZone.tsx";
import { FileList } from "./FileList.tsx";
import { FileRequirements } from "./FileRequirements.tsx";
import { ContextInputs, ImporterChoice, useRememberedImporter } from "./ImporterChoice.tsx";
import { type Clipboard, PasteTable, tableOf } from "./PasteTable.tsx";
import { UnfinishedUploads } from "./UnfinishedUploads.tsx";
import { type DroppedFiles, useDroppedFiles } from "./use-dropped-files.ts";
import { useUploadQueue } from "./use-upload-queue.ts";

export interface UploadStepProps {
  importer?: string;
  context?: Readonly<Record<string, string>>;
  onCreated: (id: number) => void;
}

export function UploadStep({ importer: given, context, onCreated }: UploadStepProps): ReactNode {
  const t = useTexts("upload");
  const { client, language } = useSluice();
  const {
    data: importers,
    error,
    refetch,
  } = useQuery({
    ...importersQuery(client, language),
    enabled: given === undefined,
  });
  const [picked, setPicked] = useRememberedImporter();
  const name =
    given ?? (importers?.length === 1 ? importers[0].name : importers?.find((each) => each.name === picked)?.name);
  const importer = useQuery({ ...importerQuery(client, name ?? "", language), enabled: name !== undefined });
  const failed = error ?? (name === undefined ? null : importer.error);

  return (
    <>
      <StepHead title={t("title")}>{t("lead")}</StepHead>
      {failed !== null ? (
        <Problem error={failed} onRetry={() => void (error === null ? importer.refetch() : refetch())} />
      ) : importers?.length === 0 ? (
        <Empty icon="user" title={t("noImporter")}>
          {t("noImporterHint")}
        </Empty>
      ) : given === undefined && importers === undefined ? (
        <Placeholder lines={16} />
      ) : (
        <div className="upload-step">
          <div className="stack upload-main">
            {given === undefined && importers !== undefined && importers.length > 1 && (
              <ImporterChoice importers={importers} chosen={name} onChoose={setPicked} />
            )}
            <ChooseFiles
              queue={given}
              importer={name}
              asked={importer.data?.context}
              context={context}
              onCreated={onCreated}
            />
          </div>
          <div>
            {name === undefined ? (
              <Card title={t("needTitle")}>
                <p className="muted">{t("needChoose")}</p>
              </Card>
            ) : importer.data === undefined ? (
              <Placeholder lines={14} />
            ) : (
              <FileRequirements importer={importer.data} />
            )}
          </div>
        </div>
      )}
    </>
  );
}

interface ChooseFilesProps {
  /** The importer that the page asks for. */
  queue: string | undefined;
  importer: string | undefined;
  /** Undefined: not known yet. */
  asked: ContextChoice[] | undefined;
  context: Readonly<Record<string, string>> | undefined;
  onCreated: (id: number) => void;
}

/** Files come in: dropped, chosen or pasted. */
function ChooseFiles({ queue: queueName, importer, asked, context, onCreated }: ChooseFilesProps): ReactNode {
  const t = useTexts("upload");
  const { time } = useFormats();
  const input = useRef<HTMLInputElement>(null);
  const zone = useRef<HTMLButtonElement>(null);
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>({});
  const [isPasting, setPasting] = useState(false);
  const [isNoTable, setNoTable] = useState(false);
  const open = useMemo(
    () => asked?.filter(({ name, pinned }) => !pinned && context?.[name] === undefined),
    [asked, context],
  );
  const whole = useMemo(() => {
    if (open === undefined) return null;
    const values = { ...context };
    for (const { name } of open) values[name] = (typed[name] ?? "").trim();
    return open.every((choice) => fitsContext(choice, values[choice.name])) ? values : null;
  }, [open, typed, context]);
  const { queue, files } = useUploadQueue(queueName, { importer, context: whole });
  const missing = importer === undefined ? "importer" : whole === null ? "context" : null;

  const add = (dropped: DroppedFiles): void => {
    setNoTable(false);
    for (const folder of dropped.folders) queue.refuse(folder, "folder");
    if (dropped.files.length === 0) return;
    queue.add(dropped.files.map((file) => ({ source: file, name: file.name, lastModified: file.lastModified })));
  };
  const addTable = (tsv: string): void => {
    setNoTable(false);
    setPasting(false);
    const name = `${t("pastedName")} ${time(new Date().toISOString()).replaceAll(":", ".")}.tsv`;
    // What brackets begin may be JSON, which has no delimiter.
    const dialect = /^\s*[[{]/.test(tsv)
      ? undefined
      : { encoding: "utf-8", ...(tsv.includes("\t") && { delimiter: "\t" }) };
    queue.add([{ source: new Blob([tsv]), name, lastModified: null, dialect }]);
  };
  const paste = (clipboard: Clipboard): void => {
    const table = tableOf(clipboard);
    if (table === null) setNoTable(true);
    else addTable(table);
  };
  const isOver = useDroppedFiles(add, paste);
  const choose = (): void => input.current?.click();

  const goOn = (file: ChosenFile, importId: number): void => {
    queue.remove(file.key);
    onCreated(importId);
  };
  useGoOnAlone(files, goOn);

  return (
    <>
      {open !== undefined && open.length > 0 && (
        <ContextInputs
          asked={open}
          values={typed}
          isWaitedFor={files.some(({ state }) => state.is === "held")}
          onChange={(name, value) => setTyped((before) => ({ ...before, [name]: value }))}
        />
      )}
      <UnfinishedUploads
        files={files}
        all={files.some(({ state }) => state.is === "refused" && state.why === "quota")}
        onChoose={choose}
        onAdopt={(upload, kept) => queue.adopt(upload, kept ?? importer)}
        onGone={() => zone.current?.focus()}
      />
      <DropZone
        isOver={isOver}
        input={input}
        zone={zone}
        onChoose={choose}
        onFiles={(chosen) => add({ files: chosen, folders: [] })}
      />
      <div className="row paste-line">
        <Button look="quiet" icon="table" onClick={() => setPasting(true)}>
          {t("paste")}
        </Button>
        <span className="muted small">{t("pasteHint", { keys: pasteKeys() })}</span>
      </div>
      {isNoTable && (
        <Notice tone="warn" title={t("notATable")}>
          {t("notATableHint")}
        </Notice>
      )}
      {files.length > 0 && (
        <FileList files={files} queue={queue} missing={missing} onGoOn={goOn} onGone={() => zone.current?.focus()} />
      )}
      {isPasting && <PasteTable onTable={addTable} onClose={() => setPasting(false)} />}
    </>
  );
}

/** The wizard goes on by itself with a file that came alone, if the person has waited for it here. */
function useGoOnAlone(files: readonly ChosenFile[], goOn: (file: ChosenFile, importId: number) => void): void {
  const [before] = useState(() => new Set(files.filter(({ state }) => state.is === "made").map(({ key }) => key)));
  const [file] = files;
  const isReady = files.length === 1 && file.alone && file.state.is === "made" && !before.has(file.key);
  useEffect(() => {
    if (isReady && file.state.is === "made") goOn(file, file.state.importId);
  });
}

function pasteKeys(): string {
  return /Mac|iPhone|iPad/.test(navigator.platform) ? "⌘ V" : "Ctrl + V";
}
