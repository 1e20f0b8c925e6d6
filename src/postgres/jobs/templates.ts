/** Remembered mappings in `sluice.mapping_templates`. */
import { SluiceError, told } from "../../core/errors.ts";
import { pickOptions, rememberedNames } from "../../core/import-options.ts";
import type { MappingTemplate, Templates } from "../../core/store/templates.ts";
import { boundedPage } from "../connection/bounded-rows.ts";
import type { Database } from "../connection/connect.ts";
import { type Session, sql } from "../connection/session.ts";
import { isWithin } from "../connection/within.ts";
import {
  excludedOptions,
  optionValues,
  rememberedColumns,
  rememberedOfJob,
  templateOptionColumns,
} from "./option-columns.ts";

const templateColumns = sql`
  id, importer, created_by as "createdBy", context, header_fingerprint as fingerprint, column_mapping as mapping,
  ${templateOptionColumns}, name, created_at as "createdAt", updated_at as "updatedAt"
`;

/** Remembers what has served an import, as it completes. */
export async function rememberMapping(session: Session, jobId: number): Promise<void> {
  await session.change(sql`
    insert into sluice.mapping_templates (importer, created_by, context, header_fingerprint, column_mapping, ${rememberedColumns})
    select importer, coalesce(created_by, ''), context, header_fingerprint, column_mapping, ${rememberedOfJob}
    from sluice.import_jobs where id = ${jobId} and header_fingerprint is not null
    on conflict (importer, created_by, header_fingerprint, md5(context::text)) do update
      set column_mapping = excluded.column_mapping, ${excludedOptions}, updated_at = now()
  `);
}

export function postgresTemplates(database: Database): Templates {
  return {
    list({ createdBy, importer, context, bounds, fingerprint }, { after, limit }) {
      const conditions = [
        sql`true`,
        ...(createdBy === undefined ? [] : [sql`created_by = ${createdBy}`]),
        ...(importer === undefined ? [] : [sql`importer = ${importer}`]),
        ...(context === undefined ? [] : [sql`context = ${JSON.stringify(context)}::jsonb`]),
        ...(bounds === undefined || bounds === null ? [] : [isWithin(bounds)]),
        ...(fingerprint === undefined ? [] : [sql`header_fingerprint = ${fingerprint}`]),
      ];
      return boundedPage<MappingTemplate>((last, most) => {
        const key = last?.id ?? after;
        const behind = key === undefined ? sql`true` : sql`id < ${key}`;
        return database.query<MappingTemplate>(sql`
          select ${templateColumns} from sluice.mapping_templates
          where ${sql.join([...conditions, behind], sql` and `)} order by id desc limit ${most}
        `);
      }, limit);
    },
    async get(id) {
      const [template] = await database.query<MappingTemplate>(
        sql`select ${templateColumns} from sluice.mapping_templates where id = ${id}`,
      );
      if (template === undefined) throw new SluiceError("not_found", told`There is no template ${id}.`);
      return template;
    },
    async put(template) {
      const options = optionValues(pickOptions(template, rememberedNames), template);
      const [put] = await database.query<MappingTemplate>(sql`
        insert into sluice.mapping_templates (importer, created_by, context, header_fingerprint, column_mapping, name, ${options.columns})
        values (${template.importer}, ${template.createdBy}, ${JSON.stringify(template.context)}, ${template.fingerprint}, ${JSON.stringify(template.mapping)},
          ${template.name}, ${options.values})
        on conflict (importer, created_by, header_fingerprint, md5(context::text)) do update
          set column_mapping = excluded.column_mapping, ${excludedOptions},
            name = coalesce(excluded.name, mapping_templates.name), updated_at = now()
        returning ${templateColumns}
      `);
      return put;
    },
    async rename(id, name) {
      const [renamed] = await database.query<MappingTemplate>(sql`
        update sluice.mapping_templates set name = ${name} where id = ${id} returning ${templateColumns}
      `);
      if (renamed === undefined) throw new SluiceError("not_found", told`There is no template ${id}.`);
      return renamed;
    },
    async delete(id) {
      await database.change(sql`delete from sluice.mapping_templates where id = ${id}`);
    },
  };
}
