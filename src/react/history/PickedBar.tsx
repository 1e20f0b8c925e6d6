/** What can be done with several imports at once: bring their files in again, delete them. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import type { ClientError, Import } from "../../client/index.ts";
import { useAnnounce } from "../foundation/Frame.tsx";
import { useSluice } from "../foundation/Sluice.tsx";
import { useTexts } from "../foundation/texts.ts";
import { importKey } from "../foundation/use-import.ts";
import { Button } from "../parts/Button.tsx";
import { ConfirmDialog } from "../parts/Dialog.tsx";
import { mayRunAgain, numbersOf } from "./job-numbers.ts";
import { importsKey } from "./use-job-acts.ts";

export interface PickedBarProps {
  picked: readonly Import[];
  onClear: () => void;
  /** Told of what did not work; null: something is tried anew. */
  onError: (error: unknown) => void;
  onDeleted: () => void;
}

export function PickedBar({ picked, onClear, onError, onDeleted }: PickedBarProps): ReactNode {
  const t = useTexts("history");
  const { client } = useSluice();
  const announce = useAnnounce();
  const [asks, setAsks] = useState(false);
  const deletable = picked.filter(({ actions }) => actions.includes("delete"));
  const repeatable = picked.filter(mayRunAgain);
  const written = deletable.reduce((sum, job) => sum + numbersOf(job).imported, 0);

  const again = useEach((job) =>
    job.actions.includes("retry") ? client.imports.retry(job.id) : client.imports.create({ fileOf: job.id }),
  );
  const remove = useEach((job) => client.imports.delete(job.id));
  const runAgain = (): void => {
    onError(null);
    again.run(repeatable).then(() => {
      announce(t("againMany", { count: repeatable.length }));
      onClear();
    }, onError);
  };
  return (
    <section className="picked-bar" aria-label={t("picked", { count: picked.length })}>
      <strong>{t("picked", { count: picked.length })}</strong>
      <div className="row push">
        <Button
          icon="refresh"
          size="small"
          busy={again.isRunning}
          aria-disabled={repeatable.length === 0 || undefined}
          onClick={runAgain}
        >
          {t("againPicked", { count: repeatable.length })}
        </Button>
        <Button
          icon="trash"
          size="small"
          look="danger"
          aria-disabled={deletable.length === 0 || undefined}
          onClick={() => setAsks(true)}
        >
          {t("deletePicked", { count: deletable.length })}
        </Button>
        <Button size="small" look="quiet" onClick={onClear}>
          {t("clearPicked")}
        </Button>
      </div>
      {asks && (
        <ConfirmDialog
          title={t("deleteManyTitle", { count: deletable.length })}
          keep={t("deleteManyKeep")}
          confirm={t("deleteConfirm")}
          icon="trash"
          onConfirm={() => remove.run(deletable)}
          onClose={() => setAsks(false)}
          onDone={() => {
            announce(t("deletedMany", { count: deletable.length }));
            onClear();
            onDeleted();
          }}
        >
          <ul className="picked-names">
            {deletable.slice(0, mostNamed).map(({ id, fileName }) => (
              <li key={id}>
                <bdi>{fileName}</bdi>
              </li>
            ))}
            {deletable.length > mostNamed && <li>…</li>}
          </ul>
          <p>{t("deleteManyWords")}</p>
          {written > 0 && <p>{t("deleteRecords", { count: written })}</p>}
        </ConfirmDialog>
      )}
    </section>
  );
}

/** Imports that the question before a deletion names. */
const mostNamed = 8;

/** One after the other; what fails is told at the end, when the others are through. */
function useEach(act: (job: Import) => Promise<unknown>): {
  run(jobs: readonly Import[]): Promise<void>;
  isRunning: boolean;
} {
  const queries = useQueryClient();
  const { mutateAsync, isPending } = useMutation<void, ClientError, readonly Import[]>({
    async mutationFn(jobs) {
      let failure: unknown = null;
      for (const job of jobs) {
        try {
          await act(job);
        } catch (error) {
          failure ??= error;
        }
      }
      if (failure !== null) throw failure;
    },
    onSettled(_done, _error, jobs) {
      void queries.invalidateQueries({ queryKey: importsKey });
      for (const { id } of jobs) void queries.invalidateQueries({ queryKey: importKey(id) });
    },
  });
  return { run: mutateAsync, isRunning: isPending };
}
