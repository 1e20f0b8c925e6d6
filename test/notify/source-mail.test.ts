/** Mails to whoever made a source, over a real SMTP conversation: what it cannot do by itself, and what becomes of its imports. */
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { Notified } from "../../src/core/mail.ts";
import { defaultRules } from "../../src/core/source-definition.ts";
import { freshFolder } from "../run-cli.ts";
import { leadsCsv, openWorkers } from "../worker/open-workers.ts";
import { startMailServer } from "./mail-server.ts";

async function openTold() {
  const [post, folder] = await Promise.all([startMailServer(), freshFolder()]);
  const { server, reaches, rows } = await openWorkers({
    env: {
      SLUICE_SMTP_URL: post.url,
      SLUICE_MAIL_FROM: "Sluice <imports@example.com>",
      SLUICE_PUBLIC_URL: "https://crm.example.com",
      SLUICE_SOURCE_FOLDERS: folder,
      SLUICE_LANG: "en",
    },
  });
  const { sources } = server.engine;
  return {
    ...{ post, folder, server, sources, reaches, rows },
    subjects: () => post.mails.map(({ subject }) => String(subject)).toSorted(),
    /** A source of a folder of its own, with a file in it. */
    async make(name: string, text: string, by: { createdBy: string; notify?: Notified }): Promise<number> {
      const path = join(folder, name);
      await mkdir(path);
      await writeFile(join(path, `${name}.csv`), text);
      const { id } = await sources.create({
        ...{ ...defaultRules, name, importer: "leads", context: {}, place: { kind: "folder", path } },
        ...{ settleSeconds: 0, schedule: "@daily", sealed: null, createdByName: "Maker", ...by },
        choices: { given: [], acceptDoubts: false, options: { autoCommit: false } },
        nextRunAt: new Date(Date.now() - 1000),
      });
      return id;
    },
  };
}

it("tells whoever made a source what waits for them, small as it may be, and nobody else", async () => {
  const { post, server, subjects, make, folder, sources, reaches, rows } = await openTold();
  const { users, recipients } = server.engine;
  const anna = await users.create({ name: "Anna", role: "admin", email: "anna@example.com" }, { id: null, name: "t" });
  const own = { createdBy: anna.id };
  // Four rows, of which nobody is looking at one.
  await make("small", leadsCsv(4), own);
  await expect.poll(subjects).toEqual(["Ready for your review: small.csv"]);
  // One that the importer knows no column of.
  await make("strange", "foo,bar\n1,2\n", own);
  await expect.poll(subjects).toHaveLength(2);
  const [ready, waits] = post.mails;
  expect(ready.text).toContain("You receive this because you set up the source.");
  expect(waits.subject).toBe("A fetched file needs a decision: strange.csv");
  expect([waits.to].flat().map((to) => to?.text)).toEqual(["anna@example.com"]);
  for (const part of [waits.text, waits.html]) {
    expect(part).toContain("You receive this because you set up the source.");
    expect(part).toMatch(/https:\/\/crm\.example\.com\/import\/(?:sources|history\/\d+)/);
    expect(part).not.toContain("SLUICE_OPERATOR_MAIL");
  }
  expect(waits.messageId).toMatch(/^<[0-9a-f-]{36}@example\.com>$/);

  // Its folder is gone: nothing is fetched until somebody sees to it.
  const gone = await make("gone", leadsCsv(1, "gone"), own);
  await expect.poll(subjects).toContain("Ready for your review: gone.csv");
  await rm(join(folder, "gone"), { recursive: true });
  // Away for the last time that it is waited for.
  await rows(`update sluice.sources set look_at = now(), failures = 3 where id = ${gone}`);
  await expect.poll(subjects, { timeout: 20_000 }).toContain("Files cannot be fetched from gone");
  const failed = post.mails.find(({ subject }) => subject === "Files cannot be fetched from gone");
  expect(failed?.text).toContain("https://crm.example.com/import/sources");
  expect(failed?.text).toContain("gone is not there.");

  // Somebody whom the app signs in, at the address that it said, in their language.
  await recipients.change("app:carl", { language: "sv" });
  await make("carls", "foo,bar\n1,2\n", { createdBy: "carl", notify: { id: "app:carl", address: "carl@example.com" } });
  await expect.poll(subjects).toContain("En hämtad fil väntar på beslut: carls.csv");
  const last = post.mails.at(-1);
  expect([last?.to].flat().map((to) => to?.text)).toEqual(["carl@example.com"]);
  expect(last?.text).toContain("Du får det här mejlet eftersom du har lagt upp källan.");
  const carls = { createdBy: "carl", notify: { id: "app:carl", address: null } };
  await make("carls-own", leadsCsv(2, "c"), carls);
  await expect.poll(subjects).toContain("Klar att granska: carls-own.csv");
  // Whoever wants none gets none.
  await recipients.change("app:carl", { isOff: true });
  const before = post.mails.length;
  const quiet = await make("quiet", leadsCsv(2, "q"), carls);
  await expect.poll(async () => (await sources.get(quiet)).waitsFor).not.toBe(null);
  await reaches((await sources.get(quiet)).waitsFor as number, "ready");
  await expect
    .poll(async () => (await server.outbox.standing()).find(({ name }) => name === "sluice-mail")?.waiting)
    .toBe(0);
  expect(post.mails).toHaveLength(before);
});
