/** SQL as the text of a file: nothing here is run, so there are no parameters. */

/** `schema.table` as the file names it; Supabase's API exposes `public`. */
export function qualified(name: string): string {
  return (name.includes(".") ? name : `public.${name}`).split(".").map(identifier).join(".");
}

/** Quoted only where it must be, so that the file reads well. */
export function identifier(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) && !reserved.has(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A block that is one statement to whoever cuts the file into statements. */
export function block(body: string, declare = ""): string {
  return `do $sluice$\n${declare === "" ? "" : `declare\n${declare}\n`}begin\n${body}\nend\n$sluice$;`;
}

/** Names that Postgres does not take bare for a table or a column (manual, appendix C), as far as anybody calls one so. */
const reserved = new Set(
  (
    "all analyse analyze and any array as asc asymmetric both case cast check collate column constraint create current_date " +
    "current_role current_time current_timestamp current_user default deferrable desc distinct do else end except false fetch for foreign " +
    "from grant group having in initially intersect into lateral leading limit localtime localtimestamp not null offset on only or order " +
    "placing primary references returning select session_user some symmetric system_user table then to trailing true union unique user using " +
    "variadic when where window with authorization binary collation concurrently cross freeze full ilike inner is isnull join left like natural " +
    "notnull outer overlaps right similar tablesample verbose"
  ).split(" "),
);
