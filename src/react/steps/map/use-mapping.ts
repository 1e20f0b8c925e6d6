/** The mapping of a pending import, what its columns hold, and the fields there are. What a person says is shown before the server has answered. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import type {
  ClientError,
  GivenColumn,
  GivenField,
  Import,
  ImporterField,
  ImporterWithFields,
  MappedColumn,
  MappedField,
  Mapping,
  MappingChange,
  Preview,
  Template,
} from "../../../client/index.ts";
import { importerQuery } from "../../foundation/importer-queries.ts";
import { mappableFields } from "../../foundation/mappable-fields.ts";
import { acrossSignIn } from "../../foundation/persistently.ts";
import { useSluice } from "../../foundation/Sluice.tsx";
import { importKey } from "../../foundation/use-import.ts";

export const mappingKey = (id: number): readonly ["import", number, "mapping"] => ["import", id, "mapping"];
const previewKey = (id: number): readonly ["import", number, "preview"] => ["import", id, "preview"];

interface UsedMapping {
  mapping: Mapping | undefined;
  preview: Preview | undefined;
  fields: readonly ImporterField[];
  /** Why something is not there, or why the last word was not taken. */
  error: ClientError | null;
  /** What was said is on its way, or what it does to the columns is not known yet. */
  saving: boolean;
  /** Columns that are not named stay as they are. */
  say(columns: readonly GivenColumn[]): void;
  /** Where a field's values come from that is not one column's. */
  make(field: GivenField): void;
}

const noFields: readonly ImporterField[] = [];

export function useMapping(job: Import): UsedMapping {
  const { client, language, server } = useSluice();
  const queries = useQueryClient();
  const { id } = job;
  const importer = useQuery<ImporterWithFields, ClientError>(importerQuery(client, job.importer, language));
  const mapping = useQuery<Mapping, ClientError>({
    queryKey: mappingKey(id),
    queryFn: ({ signal }) => client.imports.mapping(id, { signal }),
  });
  const preview = useQuery<Preview, ClientError>({
    queryKey: [...previewKey(id), language],
    queryFn: ({ signal }) => client.imports.preview(id, { lang: language, signal }),
    placeholderData: (before) => before,
  });
  // What is said and not answered yet. State of this component, so that a control shows it within the event that says it.
  const [pending, setPending] = useState<readonly Said[]>(nothing);
  const mutationKey = ["mapping", id];
  const saying = useMutation<Mapping, ClientError, Said>({
    mutationKey,
    scope: { id: `mapping-${id}` },
    mutationFn: (change) => acrossSignIn(server, () => client.imports.changeMapping(id, change)),
    async onSettled(changed) {
      // What was said after this is still on its way.
      if (changed !== undefined && queries.isMutating({ mutationKey }) > 1) return;
      await queries.cancelQueries({ queryKey: mappingKey(id) });
      if (changed !== undefined) queries.setQueryData(mappingKey(id), changed);
      setPending(nothing);
      void queries.invalidateQueries({ queryKey: importKey(id) });
    },
  });
  const { data } = mapping;
  const tell = (change: Said): void => {
    setPending((before) => [...before, change]);
    saying.mutate(change);
  };
  return {
    mapping: useMemo(() => data && said(data, pending), [data, pending]),
    preview: preview.data,
    fields: useMemo(
      () => mappableFields((importer.data?.fields ?? noFields).filter(({ computed }) => !computed)),
      [importer.data],
    ),
    error: saying.error ?? mapping.error ?? importer.error ?? (preview.data === undefined ? preview.error : null),
    saving: saying.isPending || preview.isFetching,
    say: (columns) => tell({ columns: [...columns] }),
    make: (field) => tell({ fields: [field] }),
  };
}

type Said = MappingChange;
const nothing: readonly Said[] = [];

/** As the server will most likely answer. */
function said(mapping: Mapping, changes: readonly Said[]): Mapping {
  if (changes.length === 0) return mapping;
  const given = new Map(changes.flatMap(({ columns = [] }) => columns).map((each) => [each.column, each]));
  const made = new Map(changes.flatMap(({ fields = [] }) => fields).map((each) => [each.field, each]));
  return {
    ...mapping,
    fields: [
      ...mapping.fields.filter(({ field }) => !made.has(field)),
      ...[...made.values()].flatMap((each): MappedField[] =>
        each.source === null ? [] : [{ ...each, source: each.source, reason: "given" }],
      ),
    ],
    columns: mapping.columns.map((each) => {
      const now = given.get(each.column);
      if (now === undefined) return each;
      const { doubt: _, repair, readBy: __, transform: ___, ...stays } = each;
      const sameField = now.field === each.field;
      return {
        ...stays,
        ...(sameField && repair && { repair }),
        ...now,
        ...(sameField && openReading(each, now)),
        reason: "given",
        score: 1,
      };
    }),
  };
}

/** The order of dates or the decimal mark that the file suggests, where nothing is said of it: it stays as it is, and so does its question. */
function openReading({ readBy, doubt, transform }: MappedColumn, now: GivenColumn): Partial<MappedColumn> {
  const { dateOrder, decimalMark } = transform ?? {};
  const isSaid = now.transform?.dateOrder !== undefined || now.transform?.decimalMark !== undefined;
  if (readBy === undefined || isSaid) return {};
  const isAsked = doubt === "date_order" || doubt === "date_serial" || doubt === "decimal_mark";
  return {
    readBy,
    transform: { ...now.transform, ...(dateOrder && { dateOrder }), ...(decimalMark && { decimalMark }) },
    ...(isAsked && { doubt }),
  };
}

/** What served for a file of the same columns as this import's, if it is remembered. */
export const templatesKey = (id: number): readonly ["import", number, "templates"] => ["import", id, "templates"];

/** The one that fits; undefined until it is known, null: there is none. */
export function useTemplate(job: Import): Template | null | undefined {
  const { client } = useSluice();
  const { data } = useQuery<Template | null, ClientError>({
    queryKey: templatesKey(job.id),
    queryFn: async ({ signal }) =>
      (await client.templates.list({ importId: job.id, limit: 1 }, { signal })).items[0] ?? null,
  });
  return data;
}
