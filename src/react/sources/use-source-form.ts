/** The state of a source's form: what is typed, what is wrong where, by the form and by the server, and its sending. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { type FormEvent, type RefObject, useEffect, useRef, useState } from "react";
import { ClientError, type SourceKinds } from "../../client/index.ts";
import { useSluice } from "../foundation/Sluice.tsx";
import { useTexts } from "../foundation/texts.ts";
import type { Draft } from "./draft.ts";
import { type FormScope, pathsIn, problemsIn } from "./source-draft.ts";
import { sourcesKey } from "./sources-key.ts";

/** What a part of the form is given. */
export interface FormView {
  draft: Draft;
  scope: FormScope;
  set: (path: string, value: string) => void;
  /** What is wrong with a member, once somebody has tried to send the form. */
  problemAt: (path: string) => string | undefined;
  isAsked: boolean;
}

interface SourceForm extends FormView {
  form: RefObject<HTMLFormElement | null>;
  submit: (event: FormEvent) => void;
  isSending: boolean;
  /** What went wrong that no control of the form is about. */
  failure: unknown;
}

const kindsKeptMs = 5 * 60_000;

/** Which kinds of place this server allows. */
export function useSourceKinds() {
  const { client } = useSluice();
  return useQuery<SourceKinds, ClientError>({
    queryKey: [...sourcesKey, "kinds"],
    queryFn: ({ signal }) => client.sources.kinds({ signal }),
    staleTime: kindsKeptMs,
  });
}

export function useSourceForm(
  first: Draft,
  scopeOf: (draft: Draft) => FormScope,
  send: (draft: Draft, scope: FormScope) => Promise<unknown>,
): SourceForm {
  const t = useTexts("sourceForm");
  const form = useRef<HTMLFormElement>(null);
  const [draft, setDraft] = useState(first);
  /** How often it was to be sent. */
  const [tries, setTries] = useState(0);
  /** What the server refused may serve now. */
  const [changed, setChanged] = useState<readonly string[]>([]);
  const scope = scopeOf(draft);
  const sending = useMutation<unknown, unknown, Draft>({ mutationFn: (sent) => send(sent, scope) });
  const own = tries === 0 ? {} : problemsIn(draft, scope);
  const { placed, failure } = placedRefusals(sending.error, pathsIn(draft, scope));
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever it was to be sent, or was refused
  useEffect(() => {
    form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [tries, sending.error]);
  return {
    draft,
    scope,
    isAsked: tries > 0,
    set(path, value) {
      setDraft((before) => ({ ...before, [path]: value }));
      setChanged((before) => [...before, path]);
    },
    problemAt(path) {
      const problem = own[path];
      if (problem !== undefined) return t(problem);
      return changed.includes(path) ? undefined : placed.get(path);
    },
    form,
    submit(event) {
      event.preventDefault();
      if (sending.isPending) return;
      setTries(tries + 1);
      if (Object.keys(problemsIn(draft, scope)).length > 0) return;
      setChanged([]);
      sending.mutate(draft);
    },
    isSending: sending.isPending,
    failure,
  };
}

/** The server's refusals by the controls that they are about: `files.0` is about `files`. */
function placedRefusals(
  error: unknown,
  paths: readonly string[],
): { placed: ReadonlyMap<string, string>; failure: unknown } {
  const placed = new Map<string, string>();
  const refusals = error instanceof ClientError ? refusalsOf(error) : [];
  for (const { path, message } of refusals) {
    const about = paths.filter((each) => path === each || path.startsWith(`${each}.`));
    const nearest = about.sort((a, b) => b.length - a.length).at(0);
    if (nearest !== undefined && !placed.has(nearest)) placed.set(nearest, message);
  }
  return { placed, failure: placed.size > 0 ? null : error };
}

function refusalsOf({ problem, detail, next }: ClientError): { path: string; message: string }[] {
  if (next?.code === "give_context") return [{ path: `context.${next.name}`, message: detail }];
  return Array.isArray(problem.errors) ? (problem.errors as { path: string; message: string }[]) : [];
}
