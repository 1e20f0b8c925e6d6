/** Deliveries: every row adds to the stock of its article. */
import { defineConfig, defineImporter, field, type LoadChunk } from "sluice";

/** Of several rows with a new article the first creates it. */
const addToStock = ({ rows, target, jobId }: LoadChunk): string => `
  with journal as (
    insert into stock_journal (import, sku, quantity)
    select ${jobId}, sku, quantity from ${rows}
  ), stocked as (
    insert into ${target} as stock (sku, name, quantity)
    select sku, max(name), sum(quantity) from ${rows} group by sku
    on conflict (sku) do update set quantity = stock.quantity + excluded.quantity
    returning id, sku, xmax = 0 as is_new
  )
  select r.row_no, s.id as record_id,
    case when s.is_new and row_number() over (partition by sku order by r.row_no) = 1 then 'created' else 'updated' end as outcome
  from ${rows} r join stocked s using (sku)
`;

const deliveries = defineImporter({
  name: "deliveries",
  fields: {
    sku: field.text({ required: true, aliases: { en: ["Article"] } }),
    name: field.text(),
    quantity: field.integer({ required: true, min: 1 }),
  },
  target: { table: "stock" },
  load: addToStock,
});

export const config = defineConfig({ importers: [deliveries] });
