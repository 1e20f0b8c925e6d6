import { expect, it } from "vitest";
import { refuseTransactionControl } from "../../src/postgres/connection/own-transaction.ts";

it.each([
  "commit",
  " Begin;",
  "insert into t values (1); commit",
  "-- then\nROLLBACK",
  "/* ; */ end",
  "select 'x'; start  transaction",
  "prepare transaction 'a'",
  "abort",
  "rollback and chain",
])("refuses %j", (text) => {
  expect(() => refuseTransactionControl(text)).toThrow(/runs in Sluice's transaction/);
});

it.each([
  "select 1",
  "savepoint a; rollback to a; rollback work to savepoint a; release a",
  "select 'a; commit', \"; commit\", $$; commit $$, $a$; commit $a$ -- ; commit",
  "do $$ begin perform 1; end $$",
  "update t set commit = 1, ended = case when a then 1 end; select 1",
  "insert into commits values ('it''s; end')",
])("lets %j pass", (text) => {
  expect(() => refuseTransactionControl(text)).not.toThrow();
});
