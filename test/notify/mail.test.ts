/** Mails about imports, over a real SMTP conversation: who gets which, at least once, under one Message-ID. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { resolveConfig } from "../../src/config.ts";
import { activities } from "../../src/importers/yearwheel/activities.ts";
import { mailServer } from "../../src/notify/mail.ts";
import { createTables } from "../../src/postgres/tables/tables.ts";
import { startCli } from "../run-cli.ts";
import { leadsCsv, type OpenWorkers, openWorkers, type WorkersOptions } from "../worker/open-workers.ts";
import { type MailServer, startMailServer } from "./mail-server.ts";

interface Told extends OpenWorkers {
  post: MailServer;
  /** The id of an account with an address. */
  person(name: string, email: string | null): Promise<string>;
  subjects(): string[];
}

async function openTold(
  env: Record<string, string> = {},
  { workers = 1, importers }: Pick<WorkersOptions, "workers" | "importers"> = {},
): Promise<Told> {
  const post = await startMailServer();
  const opened = await openWorkers({
    workers,
    importers,
    env: {
      SLUICE_SMTP_URL: post.url,
      SLUICE_MAIL_FROM: "Sluice <imports@example.com>",
      SLUICE_MAIL_ROWS: "3",
      SLUICE_PUBLIC_URL: "https://crm.example.com",
      ...env,
    },
  });
  return {
    ...opened,
    post,
    person: async (name, email) =>
      (await opened.server.engine.users.create({ name, role: "user", email }, { id: null, name: "test" })).id,
    subjects: () => post.mails.map(({ subject }) => String(subject)),
  };
}

it("tells a person of what becomes of their imports: as text and HTML, to them alone", async () => {
  const told = await openTold();
  const { post, subjects } = told;
  const anna = await told.person("Anna", "anna@example.com");

  // To be reviewed, then through with a rejected row, then undone.
  const job = await told.create(`${leadsCsv(4)}nope,Bo,Lyon\n`, { createdBy: anna });
  await told.server.engine.start(job.id);
  await told.reaches(job.id, "ready");
  await expect.poll(subjects).toEqual(["Ready for your review: test.csv"]);
  await told.server.engine.commit(job.id);
  await told.reaches(job.id, "completed");
  await expect.poll(subjects).toHaveLength(2);
  await told.server.engine.undo(job.id);
  await expect
    .poll(subjects)
    .toEqual([
      "Ready for your review: test.csv",
      "Import complete, some rows rejected: test.csv",
      "Import undone: test.csv",
    ]);
  const [, mail] = post.mails;
  expect(mail.from?.value).toEqual([{ name: "Sluice", address: "imports@example.com" }]);
  expect([mail.to].flat().map((to) => to?.text)).toEqual(["anna@example.com"]);
  expect(mail.headers.get("auto-submitted")).toBe("auto-generated");
  expect(mail.messageId).toMatch(/^<[0-9a-f-]{36}@example\.com>$/);
  for (const part of [mail.text, mail.html]) {
    expect(part).toContain(`https://crm.example.com/import/history/${job.id}`);
    expect(part).toContain(`https://crm.example.com/api/v1/imports/${job.id}/rejected.csv`);
    // Which cell it was is nobody's to read in a mail.
    expect(part).not.toContain("nope");
  }
  expect(mail.text).toMatch(/Rows in the file: 5\n {2}Created: 4\n {2}Rejected: 1/);

  // A failure is told whatever the size.
  const bo = await told.person("Bo", "bo@example.com");
  const small = await told.create("email\na@x.fr\n", { createdBy: bo });
  await rm(join(told.folder, "files"), { recursive: true });
  await told.server.engine.start(small.id);
  await told.reaches(small.id, "failed").catch(() => {});
  await expect.poll(subjects).toContain("Import failed: test.csv");
  expect([post.mails.at(-1)?.to].flat().map((to) => to?.text)).toEqual(["bo@example.com"]);
});

it("sends nothing to who wants none, has no address or left, and nothing of small imports", async () => {
  const told = await openTold();
  const { recipients, users } = told.server.engine;
  const ids = {
    off: await told.person("Off", "off@example.com"),
    none: await told.person("None", null),
    gone: await told.person("Gone", "gone@example.com"),
    small: await told.person("Small", "small@example.com"),
    chosen: await told.person("Chosen", "chosen@example.com"),
    swedish: await told.person("Swedish", "swedish@example.com"),
  };
  await users.change(ids.gone, { disabled: true }, { id: null, name: "test" });
  await recipients.change(ids.off, { isOff: true });
  await recipients.change(ids.chosen, { fromRows: 1 });
  await recipients.change(ids.swedish, { language: "sv" });
  const rows = { off: 5, none: 5, gone: 5, small: 2, chosen: 1, swedish: 3 };
  for (const [name, id] of Object.entries(ids)) {
    const job = await told.create(leadsCsv(rows[name as keyof typeof rows], name), { createdBy: id, autoCommit: true });
    // As the API notes it.
    await told.rows(`insert into sluice.mail_recipients (id) values ('${id}') on conflict do nothing`);
    await told.rows(`update sluice.import_jobs set notify = '${id}' where id = ${job.id}`);
    await told.server.engine.start(job.id);
    await told.reaches(job.id, "completed");
  }
  const open = "select count(*)::int as n from sluice.outbox where sink = 'sluice-mail' and done_at is null";
  await expect.poll(() => told.rows(open)).toEqual([{ n: 0 }]);
  expect(told.post.mails.map(({ to, subject }) => [[to].flat()[0]?.text, subject])).toEqual([
    ["chosen@example.com", "Import complete: test.csv"],
    ["swedish@example.com", "Importen är klar: test.csv"],
  ]);
});

it("counts what rows are made into: an activity of three years is three items, and of two years too few", async () => {
  const told = await openTold({}, { importers: [activities] });
  const anna = await told.person("Anna", "anna@example.com");
  await createTables(told.database, activities);
  await told.rows(`insert into year_wheels (owner_id, name) values ('${anna}', 'School')`);
  for (const end of ["2027-01-06", "2028-01-06"]) {
    const { id } = await told.begin(`activity,start,end\nLov,2026-12-20,${end}\n`, {
      importer: activities,
      createdBy: anna,
      context: { wheel_id: "1" },
    });
    await told.reaches(id, "completed");
  }
  const open = "select count(*)::int as n from sluice.outbox where sink = 'sluice-mail' and done_at is null";
  await expect.poll(() => told.rows(open)).toEqual([{ n: 0 }]);
  expect(told.subjects()).toEqual(["Import complete: test.csv"]);
  expect(told.post.mails[0].text).toContain("Rows in the file: 1");
});

it("tries again what the server puts off, gives up what it refuses, and tells the operator of that and of every failure", async () => {
  const told = await openTold({ SLUICE_OPERATOR_MAIL: "ops@example.com" });
  const { post, subjects } = told;
  const anna = await told.person("Anna", "anna@example.com");
  const seen: string[] = [];
  post.onMail = (mail) => {
    seen.push(String(mail.messageId));
    if (seen.length === 1) throw Object.assign(new Error("greylisted"), { responseCode: 451 });
  };
  const first = await told.begin(leadsCsv(3), { createdBy: anna });
  await told.reaches(first.id, "completed");
  const waiting = "select attempts, error from sluice.outbox where sink = 'sluice-mail' and done_at is null";
  await expect.poll(() => told.rows(waiting)).toEqual([{ attempts: 1, error: expect.stringContaining("greylisted") }]);
  await told.rows("update sluice.outbox set next_at = now()");
  await expect.poll(subjects).toEqual(["Import complete: test.csv"]);
  expect(seen).toEqual([seen[0], seen[0]]);

  post.refuses = 550;
  const second = await told.begin(leadsCsv(3, "other"), { createdBy: anna });
  await told.reaches(second.id, "completed");
  const dead = "select attempts, is_dead as dead from sluice.outbox where sink = 'sluice-mail' and is_dead";
  await expect.poll(() => told.rows(dead)).toEqual([{ attempts: 1, dead: true }]);
  post.refuses = null;
  // As the hourly sweep asks as well, and a chore every half minute.
  await told.server.queue?.enqueue({ kind: "sweep" });
  await expect.poll(subjects).toContain("Messages given up: sluice-mail");
  const third = await told.create("email\na@x.fr\n", { createdBy: anna });
  await rm(join(told.folder, "files"), { recursive: true });
  await told.server.engine.start(third.id);
  await expect
    .poll(() => post.mails.filter(({ to }) => [to].flat()[0]?.text === "ops@example.com").map(({ subject }) => subject))
    .toEqual(["Messages given up: sluice-mail", "Import failed: test.csv"]);
  // What is told is not told again as long as it is no more.
  await told.server.queue?.enqueue({ kind: "sweep" });
  await expect
    .poll(() => told.rows("select kind, name, told from sluice.alerts"))
    .toEqual([{ kind: "dead_letters", name: "sluice-mail", told: 1 }]);
  expect(await told.server.outbox.redrive()).toBe(1);
  await expect.poll(() => subjects().filter((each) => each === "Import complete: test.csv")).toHaveLength(2);
});

it("sends a mail again whose worker was killed after the server had it, under the same Message-ID", async () => {
  const told = await openTold({}, { workers: 0 });
  const { post } = told;
  const anna = await told.person("Anna", "anna@example.com");
  const script = fileURLToPath(new URL("told-worker.ts", import.meta.url));
  const dying = startCli([told.url, told.folder, post.url], { cwd: told.folder, script });
  post.onMail = () => void process.kill(dying.pid, "SIGKILL");
  await told.begin(leadsCsv(3), { createdBy: anna });
  expect((await dying.ended).signal).toBe("SIGKILL");
  await expect.poll(() => post.mails.length).toBe(1);
  post.onMail = () => {};
  await told.startWorker();
  await expect.poll(() => post.mails.length).toBe(2);
  expect(post.mails.map(({ messageId }) => messageId)).toEqual([post.mails[0].messageId, post.mails[0].messageId]);
});

it.each([
  [{ SLUICE_SMTP_URL: "mail.example.com" }, /SLUICE_SMTP_URL must look like/],
  [{ SLUICE_SMTP_URL: "smtp://user@mail.example.com", SLUICE_MAIL_FROM: "a@x.fr" }, /SLUICE_SMTP_URL must look like/],
  [{ SLUICE_SMTP_URL: "smtp://mail.example.com" }, /no sender: set SLUICE_MAIL_FROM/],
  [{ SLUICE_SMTP_URL: "smtp://mail.example.com", SLUICE_MAIL_FROM: "a@x.fr, b@x.fr" }, /SLUICE_MAIL_FROM must be one/],
  [{ RESEND_API_KEY: "re_1", SLUICE_MAIL_FROM: "x\r\nBcc: a@x.fr" }, /SLUICE_MAIL_FROM must be one/],
  [{ SLUICE_OPERATOR_MAIL: "ops@example.com" }, /no mail server/],
  [{ SLUICE_OPERATOR_WEBHOOK: "hooks" }, /SLUICE_OPERATOR_WEBHOOK must begin/],
  [{ SLUICE_OPERATOR_WEBHOOK_SECRET: "whsec_c2hvcnQ=" }, /24 to 64 bytes/],
  [{ SLUICE_IMPORT_LINK: "https://crm.example.com/imports" }, /contain \{id\}/],
])("refuses the settings %j", (env, problem) => {
  expect(() => resolveConfig({ ...env, LANG: "en" }, {}, {})).toThrow(problem);
});

it("needs an API key of Resend and nothing else", () => {
  const { mailFrom, resendApiKey, mailRows } = resolveConfig({ RESEND_API_KEY: "re_1", LANG: "en" }, {}, {});
  expect([mailFrom, resendApiKey, mailRows]).toEqual(["Sluice <onboarding@resend.dev>", "re_1", 200]);
});

it.each([
  ["smtp://ann:secret@mail.example.com", true],
  ["smtp://ann:secret@localhost.example.com", true],
  ["smtp://ann:secret@127.example.com", true],
  ["smtp://ann:secret@localhost", false],
  ["smtp://ann:secret@127.0.0.1:2525", false],
  ["smtp://ann:secret@[::1]", false],
  ["smtp://mail.example.com", false],
  ["smtps://ann:secret@mail.example.com", false],
])("sends a password to another machine by TLS alone: %s", (url, needsTls) => {
  expect(mailServer(url)).toMatchObject({ needsTls });
});
