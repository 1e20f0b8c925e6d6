/** An object storage without AWS's SDK, which is the program's to install: its modules are not there. */
import { expect, it, vi } from "vitest";
import { optionalPackage } from "../../src/core/optional-package.ts";
import { openFiles } from "../../src/files/open-files.ts";

vi.mock("@aws-sdk/client-s3", () => {
  throw Object.assign(new Error("Cannot find package '@aws-sdk/client-s3'"), { code: "ERR_MODULE_NOT_FOUND" });
});

it("says what to install, and needs none of it for a folder", async () => {
  const inStore = openFiles({ dataDir: "/nowhere", files: "s3://bucket", s3Endpoint: "http://127.0.0.1:9" });
  await expect(inStore).rejects.toMatchObject({
    code: "invalid",
    message: expect.stringContaining("npm install @aws-sdk/client-s3 @aws-sdk/s3-request-presigner"),
  });
  expect(await openFiles({ dataDir: "/nowhere", files: "" })).toHaveProperty("keep");
});

it("says of a package that is there what its loading said", async () => {
  const loaded = optionalPackage("This needs ssh2", "ssh2", () => Promise.reject(new Error("made for another Node")));
  await expect(loaded).rejects.toThrow("made for another Node");
});
