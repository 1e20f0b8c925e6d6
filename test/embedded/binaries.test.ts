/** The embedded server's programs: found, linked, and copied to where they can be run. */

import { chmod, cp, mkdir, readlink, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { run, serverAccount } from "../../src/embedded/account.ts";
import { embeddedPackage, linkLibraries, usableBinaries } from "../../src/embedded/binaries.ts";
import { freshFolder } from "./fixture.ts";

const isRoot = process.getuid?.() === 0;

describe("embedded binaries", () => {
  it("are used where they are installed", async () => {
    const folder = await freshFolder();
    const installed = await embeddedPackage();
    const account = await serverAccount(folder, join(folder, "cluster"));
    const binaries = await usableBinaries(installed, account, join(folder, "spare"));
    expect(binaries).toEqual({
      initdb: join(installed.native, "bin", "initdb"),
      postgres: join(installed.native, "bin", "postgres"),
      major: 18,
    });
  });

  it("get the links to their libraries that an install script would have made", async () => {
    const native = join(await freshFolder(), "native");
    await mkdir(join(native, "lib"), { recursive: true });
    await writeFile(join(native, "lib", "libicuuc.so.60.2"), "");
    await writeFile(
      join(native, "pg-symlinks.json"),
      JSON.stringify([
        { source: "native/lib/libicuuc.so.60.2", target: "native/lib/libicuuc.so" },
        { source: "native/lib/libicuuc.so.60.2", target: "native/lib/libicuuc.so.60" },
      ]),
    );
    expect(await Promise.all([linkLibraries(native), linkLibraries(native)])).toEqual([true, true]);
    expect(await readlink(join(native, "lib", "libicuuc.so.60"))).toBe("libicuuc.so.60.2");
    expect(await linkLibraries(native)).toBe(true);
  });

  it("say when a link can't be made", async () => {
    const native = join(await freshFolder(), "native");
    await mkdir(native);
    const links = [{ source: "native/lib/libpq.so.5.18", target: "native/lib/libpq.so" }];
    await writeFile(join(native, "pg-symlinks.json"), JSON.stringify(links));
    expect(await linkLibraries(native)).toBe(false);
  });

  it("are copied, with their links, when the server's account can't run them or the links can't be made", async () => {
    const folder = await freshFolder();
    const { native, version } = await embeddedPackage();
    const closed = join(folder, "closed");
    await cp(native, join(closed, "native"), { recursive: true, verbatimSymlinks: true });
    const account = await serverAccount(folder, join(folder, "cluster"));
    // Root can link anywhere, but lends the server to an account that can't pass a closed folder.
    if (isRoot) {
      await chmod(closed, 0o700);
    } else {
      await rm(join(closed, "native", "lib", "libicuuc.so.60"));
      await chmod(join(closed, "native", "lib"), 0o500);
      onTestFinished(() => chmod(join(closed, "native", "lib"), 0o700));
    }
    const mislaid = { native: join(closed, "native"), version };
    const spare = join(folder, "spare");
    const both = await Promise.all([usableBinaries(mislaid, account, spare), usableBinaries(mislaid, account, spare)]);
    expect(both[0].postgres.startsWith(`${spare}/binaries-${version}-`)).toBe(true);
    expect(both[1]).toEqual(both[0]);
    expect((await run(both[0].postgres, ["--version"], { account })).output).toMatch(/^postgres \(PostgreSQL\) 18\./);
    expect(await usableBinaries(mislaid, account, spare)).toEqual(both[0]);
    expect((await stat(closed)).mode & 0o777).toBe(isRoot ? 0o700 : 0o755);
  });

  it("that can't run on this system are reported with what to do", async () => {
    const folder = await freshFolder();
    const native = join(folder, "native");
    await mkdir(join(native, "bin"), { recursive: true });
    await writeFile(join(native, "pg-symlinks.json"), "[]");
    for (const name of ["initdb", "postgres"]) {
      await writeFile(join(native, "bin", name), "#!/bin/sh\necho 'GLIBC_2.99 not found' >&2; exit 1\n", {
        mode: 0o755,
      });
    }
    await expect(usableBinaries({ native, version: "0" }, undefined, join(folder, "spare"))).rejects.toMatchObject({
      code: "unavailable",
      message: expect.stringMatching(/GLIBC_2\.99 not found.*DATABASE_URL/s),
    });
  });

  it("that are not installed are reported with what to do", async () => {
    const arch = process.arch;
    Object.defineProperty(process, "arch", { value: "abacus", configurable: true });
    onTestFinished(() => void Object.defineProperty(process, "arch", { value: arch, configurable: true }));
    await expect(embeddedPackage()).rejects.toMatchObject({
      code: "unavailable",
      message: expect.stringMatching(/-abacus.*DATABASE_URL.*optional/s),
    });
  });
});
