/** A row's list as the whole list: what its parent has beside it goes, and nothing else; a dry run says so, and an undo gives it back. */
import { describe, expect, it } from "vitest";
import { type OpenEngine, openEngine, some, workToEnd } from "../../open-engine.ts";
import { fc } from "../../property.ts";
import { triesAll } from "../../sampled.ts";
import { foretold, type Undone, undo } from "../undo-import.ts";
import { club, clubContext, clubHeader, clubOf, clubTables, listsOf } from "./club.ts";
import { type Foretold, importForetold } from "./foretold.ts";

const open = (chunkRows = 1000): Promise<OpenEngine> => openEngine([club], clubTables, { chunkRows });
const imported = (
  engine: OpenEngine,
  lines: string,
  mode?: "update_only" | "append" | "replace" | "mirror",
): Promise<Foretold> =>
  importForetold(engine, club, `${clubHeader}${lines}`, { context: clubContext, ...(mode !== undefined && { mode }) });

/** What the undo does, which its preview has said. */
async function undone(engine: OpenEngine, jobId: number): Promise<Undone> {
  const preview = foretold(await engine.engine.undoPreview(jobId));
  const outcome = await undo(engine, jobId);
  const { deleted, restored, kept } = outcome;
  expect(preview).toEqual({ deleted, restored, kept });
  return outcome;
}

const first = "a,Ann,red|blue,1|2,home|work,chair|clerk\nb,Bob,red,3,fax,clerk\n";

describe("a list that is the whole list", () => {
  it("takes away what the row does not name, and counts it by record; what links lead to stays", async () => {
    const engine = await open();
    await imported(engine, first);
    const { counts, records } = await imported(engine, "a,Ann,blue|green,2|4,,clerk\nb,Bob,,,,\n");
    expect(some(counts)).toEqual({ updated: 1, unchanged: 1 });
    expect(counts).toMatchObject({ "deleted_group.link": 1, deleted_phone: 1, deactivated_role: 1 });
    expect(records).toMatchObject({
      group: { created: 1, unchanged: 1 },
      "group.link": { created: 1, unchanged: 1, deleted: 1 },
      phone: { deleted: 1 },
      role: { unchanged: 1, deactivated: 1 },
    });
    expect(await listsOf(engine)).toEqual({ a: "blue green / 2=work / chair! clerk", b: "red / 3=fax / clerk" });
    expect(await engine.rows("select count(*)::int as groups from groups")).toEqual([{ groups: 3 }]);
  });

  it("counts a row as updated whose only effect is what it takes away, and the same again as unchanged", async () => {
    const engine = await open();
    await imported(engine, first);
    const file = "a,Ann,red,1,home,chair\nb,Bob,red,3,,clerk\n";
    expect(some((await imported(engine, file)).counts)).toEqual({ updated: 1, unchanged: 1 });
    const again = await imported(engine, file);
    expect(some(again.counts)).toEqual({ unchanged: 2 });
    for (const each of Object.values(again.records)) expect(Object.keys(each)).toEqual(["unchanged"]);
    expect(
      await engine.rows(
        `select count(*)::int as rows from sluice.import_record_changes where job_id = ${again.job.id}`,
      ),
    ).toEqual([{ rows: 0 }]);
  });

  it("says nothing where it is blank, or where the file has no such column", async () => {
    const engine = await open();
    await imported(engine, first);
    const before = await clubOf(engine);
    expect(some((await imported(engine, "a,Ann,,,,\n")).counts)).toEqual({ unchanged: 1 });
    const { counts } = await importForetold(engine, club, "email,name\na,Ann\n", { context: clubContext });
    expect(some(counts)).toEqual({ unchanged: 1 });
    expect(await clubOf(engine)).toEqual(before);
  });

  it("keeps what it names though it says nothing else of it", async () => {
    const engine = await open();
    await imported(engine, first);
    const { records } = await imported(engine, "a,Ann,,1|2,,\n");
    expect(records.phone).toBeUndefined();
    expect((await listsOf(engine)).a).toBe("blue red / 1=home 2=work / chair clerk");
  });

  it("is bounded by the context and by `where`: links to another club's groups, and to hidden ones, stay", async () => {
    const engine = await open();
    await imported(engine, first);
    await engine.rows(`
      insert into groups (club_id, title, hidden) values (2, 'theirs', false), (1, 'secret', true);
      insert into member_groups (member_id, group_id) select m.id, g.id from people m, groups g where m.email = 'a' and g.title in ('theirs', 'secret');
      insert into people (club_id, email) values (2, 'a');
      insert into phones (member_id, number) select id, '9' from people where club_id = 2;
      insert into member_groups (member_id, group_id) select m.id, g.id from people m, groups g where m.club_id = 2 and g.title = 'red'`);
    const { records } = await imported(engine, "a,Ann,green,1,home,chair\n");
    expect(records["group.link"]).toEqual({ created: 1, deleted: 2 });
    expect((await listsOf(engine)).a).toBe("green secret theirs / 1=home / chair clerk!");
    expect(
      await engine.rows(
        "select count(*)::int as links from member_groups l join people m on m.id = l.member_id where club_id = 2",
      ),
    ).toEqual([{ links: 1 }]);
    expect(
      await engine.rows("select number from phones p join people m on m.id = p.member_id where club_id = 2"),
    ).toEqual([{ number: "9" }]);
  });

  it("has the last row of a member decide, within a chunk and over chunks", async () => {
    for (const chunkRows of [1, 2, 1000]) {
      const engine = await open(chunkRows);
      await imported(engine, first);
      await imported(engine, "a,Ann,green,5,x,clerk\na,Ann,red|grey,1|6,home|y,chair\na,Ann,,,,\n");
      expect((await listsOf(engine)).a).toBe("grey red / 1=home 6=y / chair clerk!");
    }
  });

  it("lets what comes have what must be unique among those that go", async () => {
    const engine = await open();
    await imported(engine, first);
    await engine.rows("create unique index on phones (member_id, kind)");
    const { counts } = await imported(engine, "a,Ann,,7,home,\n");
    expect(some(counts)).toEqual({ updated: 1 });
    expect((await listsOf(engine)).a).toBe("blue red / 7=home / chair clerk");
  });
});

describe("by the mode", () => {
  const next = "a,Ann,green,7,home,clerk\nc,Cat,red,8,home,chair\n";
  const kept = "red / 3=fax / clerk";
  it.each([
    ["update_only", { a: "green / 7=home / chair! clerk", b: kept }],
    ["mirror", { a: "green / 7=home / chair! clerk", c: "red / 8=home / chair" }],
    ["replace", { a: "green / 7=home / clerk", c: "red / 8=home / chair" }],
  ] as const)("%s", async (mode, lists) => {
    const engine = await open();
    await imported(engine, first);
    const before = await clubOf(engine);
    const { job } = await imported(engine, next, mode);
    expect(await listsOf(engine)).toEqual(lists);
    expect((await undone(engine, job.id)).kept).toEqual({});
    expect(await clubOf(engine)).toEqual(before);
  });

  it("append: a new member has no others", async () => {
    const engine = await open();
    const { records } = await imported(engine, first, "append");
    expect(Object.values(records).flatMap((each) => Object.keys(each))).not.toContain("deleted");
    expect(await listsOf(engine)).toEqual({ a: "blue red / 1=home 2=work / chair clerk", b: "red / 3=fax / clerk" });
  });
});

describe("what others refer to", () => {
  it.each(["", "on delete cascade", "on delete set null"])(
    "keeps its row out, and that row alone: references %s",
    async (rule) => {
      const engine = await open();
      await imported(engine, first);
      await engine.rows(
        `create table calls (phone_id bigint references phones ${rule}); insert into calls select id from phones where number = '2'`,
      );
      const { counts, issues, rows } = await imported(
        engine,
        "a,Anna,blue,1,home,chair\nb,Bob,blue,5,x,clerk\nd,Dan,red,6,x,clerk\n",
      );
      expect(some(counts)).toEqual({ created: 1, updated: 1, invalid: 1 });
      expect(issues).toEqual([[2, "phones", "record_in_use"]]);
      expect(rows[0].issues[0].p).toEqual({ record: "phone", table: "public.calls" });
      expect(await listsOf(engine)).toEqual({
        a: "blue red / 1=home 2=work / chair clerk",
        b: "blue / 5=x / clerk",
        d: "red / 6=x / clerk",
      });
      expect(await engine.rows("select count(phone_id)::int as calls from calls")).toEqual([{ calls: 1 }]);
    },
  );

  it("leaves a row out whose others a trigger of the table keeps", async () => {
    const engine = await open();
    await imported(engine, first);
    await engine.rows(`
      create function keep() returns trigger language plpgsql as 'begin if old.number = ''2'' then return null; end if; return old; end';
      create trigger keep before delete on phones for each row execute function keep()`);
    const { counts, issues } = await imported(engine, "a,Ann,,1,home,\nb,Bob,,5,x,\n");
    expect(some(counts)).toEqual({ updated: 1, skipped: 1 });
    expect(issues).toEqual([[2, null, "database_skipped"]]);
    expect(await listsOf(engine)).toEqual({ a: "blue red / 1=home 2=work / chair clerk", b: "red / 5=x / clerk" });
  });
});

describe("an undo", () => {
  it.each([1, 1000])("gives all of it back, with its values and ids, in chunks of %i rows", async (chunkRows) => {
    const engine = await open(chunkRows);
    await imported(engine, first);
    await engine.rows("update phones set note = 'gate code 7'; update member_groups set since = '2001-02-03'");
    const before = await clubOf(engine);
    // Links and phones that one row makes and the next takes away; some that come back.
    const { job } = await imported(
      engine,
      "a,Ann,green,5,x,clerk\na,Ann,red|grey,1|6,y|z,chair\na,Ann,blue,2,work,clerk\nb,Bob,blue,3,x,boss\nb,Bob,red,3,y,clerk\n",
    );
    expect((await undo(engine, job.id)).kept).toEqual({});
    expect(await clubOf(engine)).toEqual(before);
  });

  it("says of a link that somebody has made again that it is not its own to give back", async () => {
    const engine = await open();
    await imported(engine, first);
    const { job } = await imported(engine, "a,Ann,red,,,\n");
    await engine.rows(
      "insert into member_groups (member_id, group_id) select m.id, g.id from people m, groups g where m.email = 'a' and g.title = 'blue'",
    );
    const ids = await engine.rows<{ member: number; group: number }>(
      "select m.id::int as member, g.id::int as group from people m, groups g where m.email = 'a' and g.title = 'blue'",
    );
    const outcome = await undo(engine, job.id);
    expect(outcome.kept).toEqual({ refused: 1 });
    expect(outcome.rows).toEqual([
      {
        record: "group.link",
        recordId: `[${ids[0].member}, ${ids[0].group}]`,
        reason: "refused",
        message: "Another record has its id by now.",
      },
    ]);
  });
});

describe("a chunk that is halved", () => {
  it("settles at once what one half makes and the other takes away", async () => {
    const engine = await open();
    await imported(engine, first);
    await engine.rows(`
      create function refuse() returns trigger language plpgsql as 'begin if new.name = ''bad'' then raise exception ''no''; end if; return new; end';
      create trigger refuse before insert on people for each row execute function refuse()`);
    const before = await clubOf(engine);
    const { job, counts, records } = await imported(
      engine,
      "a,Ann,green,5,x,clerk\nx,bad,red,1,x,clerk\na,Ann,red|grey,1|5,new|z,chair\ny,bad,red,1,x,clerk\na,Ann,blue,6,z,boss\n",
    );
    expect(some(counts)).toMatchObject({ failed: 2 });
    expect(await listsOf(engine)).toEqual({ a: "blue / 6=z / boss chair! clerk!", b: "red / 3=fax / clerk" });
    expect(records["group.link"].deleted).toBeLessThanOrEqual(2);
    expect((await undone(engine, job.id)).kept).toEqual({});
    expect(await clubOf(engine)).toEqual(before);
  });
});

/** A row of a file: a list of two words at most, which may be blank. */
interface Line {
  email: string;
  groups: string[];
  phones: string[];
  kinds: string[];
  roles: string[];
}
const list = (words: readonly string[], maxLength = 3) => fc.array(fc.constantFrom(...words), { maxLength });
const line: fc.Arbitrary<Line> = fc.record({
  email: fc.constantFrom("a", "b", "c"),
  groups: list(["red", "Red", "blue", "green"]),
  phones: fc.uniqueArray(fc.constantFrom("1", "2", "3"), { maxLength: 3 }),
  kinds: list(["x", "y"]),
  roles: list(["chair", "clerk"], 2),
});
const textOf = (lines: readonly Line[]): string =>
  lines
    .map(({ email, ...lists }) =>
      [
        email,
        email.toUpperCase(),
        lists.groups.join("|"),
        lists.phones.join("|"),
        lists.phones.map((phone, k) => kindOf(phone, lists.kinds[k])).join("|"),
        lists.roles.join("|"),
      ].join(","),
    )
    .join("\n");

/** Of each phone another one: a list has each of its words once. */
const kindOf = (phone: string, kind = "x"): string => `${kind}${phone}`;

/** The plain loop: each row's lists take the place of what its member had. */
class RowByRow {
  readonly members = new Map<
    string,
    { groups: Set<string>; phones: Map<string, string>; roles: Map<string, boolean> }
  >();
  readonly groups = new Set<string>();

  apply({ email, groups, phones, kinds, roles }: Line): void {
    const member = this.members.get(email) ?? { groups: new Set(), phones: new Map(), roles: new Map() };
    this.members.set(email, member);
    for (const group of groups) this.groups.add(group.toLowerCase());
    if (groups.length > 0) member.groups = new Set(groups.map((group) => group.toLowerCase()));
    if (phones.length > 0) member.phones = new Map(phones.map((phone, k) => [phone, kindOf(phone, kinds[k])]));
    if (roles.length === 0) return;
    for (const role of member.roles.keys()) member.roles.set(role, false);
    for (const role of roles) member.roles.set(role, true);
  }

  lists(): Record<string, string> {
    const told = [...this.members]
      .sort()
      .map(([email, { groups, phones, roles }]): [string, string] => [
        email,
        [
          [...groups].sort(),
          [...phones].map(([phone, kind]) => `${phone}=${kind}`).sort(),
          [...roles].sort().map(([role, active]) => (active ? role : `${role}!`)),
        ]
          .map((each) => each.join(" "))
          .join(" / "),
      ]);
    return Object.fromEntries(told);
  }
}

it("makes what one row after the other would, foretells it, does nothing the second time, and is undone", async () => {
  const [one, three] = [await open(3), await open(20)];
  const lines = fc.array(line, { minLength: 1, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(lines, lines, fc.boolean(), async (before, file, isLarge) => {
      const engine = isLarge ? three : one;
      await engine.rows("truncate people, groups, member_groups, phones, roles restart identity cascade");
      const loop = new RowByRow();
      const stands = [await clubOf(engine)];
      const jobs: number[] = [];
      for (const each of [before, file]) {
        for (const row of each) loop.apply(row);
        jobs.push((await imported(engine, `${textOf(each)}\n`)).job.id);
        stands.push(await clubOf(engine));
        expect(active(await listsOf(engine))).toEqual(active(loop.lists()));
        expect(await engine.rows("select count(*)::int as groups from groups")).toEqual([{ groups: loop.groups.size }]);
      }
      for (const jobId of jobs.toReversed()) {
        expect((await undo(engine, jobId)).kept).toEqual({});
        stands.pop();
        expect(await clubOf(engine)).toEqual(stands.at(-1));
      }
    }),
    { numRuns: Number(process.env.RUNS ?? (triesAll ? 12 : 5)) },
  );
});

/** Without the deactivated ones: within a chunk, those that one row makes and the next leaves out are not made. */
function active(lists: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(lists).map(([email, each]) => [email, each.replaceAll(/ ?\w+!/g, "").replaceAll("/  ", "/ ")]),
  );
}

it("goes on after an interruption, in the commit and in the undo, as if there had been none", async () => {
  let stopAfter = 0;
  let stop = new AbortController();
  const engine = await openEngine([club], clubTables, {
    chunkRows: 1,
    onEvent({ name }) {
      if (["chunk.committed", "undo.chunk_undone"].includes(name) && --stopAfter === 0) stop.abort(new Error("enough"));
    },
  });
  await imported(engine, first);
  const before = await clubOf(engine);
  const file = `${clubHeader}a,Ann,green,5,x,clerk\na,Ann,red|grey,1|6,y|z,chair\nb,Bob,blue,4,z,chair\na,Ann,blue|green,2|5,work|y,clerk\n`;
  const interrupted = async (jobId: number, after: number): Promise<void> => {
    stop = new AbortController();
    stopAfter = after;
    await engine.engine.work(jobId, stop.signal).catch(() => {});
    if ((await engine.engine.imports.get(jobId)).status === "paused") await engine.engine.resume(jobId);
    stopAfter = 0;
    await Promise.all([workToEnd(engine.engine, jobId), workToEnd(engine.engine, jobId)]);
  };
  for (const after of [1, 2, 3]) {
    const { id } = await engine.create(club, file, { context: clubContext });
    await engine.engine.start(id);
    await workToEnd(engine.engine, id);
    await engine.engine.commit(id);
    await interrupted(id, after);
    expect(await listsOf(engine)).toEqual({
      a: "blue green / 2=work 5=y / chair! clerk",
      b: "blue / 4=z / chair clerk!",
    });
    await engine.engine.undo(id, "ann");
    await interrupted(id, after);
    expect((await engine.engine.imports.get(id)).status).toBe("undone");
    expect(await engine.engine.undone.keptRows(id)).toEqual([]);
    expect(await clubOf(engine)).toEqual(before);
  }
});
