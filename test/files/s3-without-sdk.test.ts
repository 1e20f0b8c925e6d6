/** An object storage without AWS's SDK, which is the program's to install: its modules are not there. */
import { expect, it, vi } from "vitest";
import { openFiles } from "../../src/files/open-files.ts";

vi.mock("@aws-sdk/client-s3", () => {
  throw new Error("Cannot find package '@aws-sdk/client-s3'");
});

it("says what to install, and needs none of it for a folder", async () => {
  const inStore = openFiles({ dataDir: "/nowhere", files: "s3://bucket", s3Endpoint: "http://127.0.0.1:9" });
  await expect(inStore).rejects.toMatchObject({
    code: "invalid",
    message: expect.stringContaining("npm install @aws-sdk/client-s3 @aws-sdk/s3-request-presigner"),
  });
  expect(await openFiles({ dataDir: "/nowhere", files: "" })).toHaveProperty("keep");
});
