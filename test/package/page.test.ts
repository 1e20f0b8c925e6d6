/** What a page needs, as it is published: installed beside React 18 or 19, compiled, bundled and rendered on a server. */
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { type ReactApp, reactApp } from "./react-app.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const manifestIn = async (folder: string) => JSON.parse(await readFile(join(folder, "package.json"), "utf8"));

let folder: string;
const pages: Record<string, ReactApp> = {};
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice page "));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.each([
  ["18", ["react@18.3.1", "react-dom@18.3.1", "@types/react@18.3.12", "@types/react-dom@18.3.1"]],
  ["19", ["react@19.3.1", "react-dom@19.3.1", "@types/react@19.3.0", "@types/react-dom@19.3.0"]],
])("in an application with React %s", (version, react) => {
  let page: ReactApp;
  beforeAll(async () => {
    pages[version] = page = await reactApp(join(folder, version), inject("sluiceReact").tarball, react);
  });

  it("compiles the example strictly, with every type that it reaches", async () => {
    for (const module of [
      ["esnext", "bundler"],
      ["nodenext", "nodenext"],
    ])
      expect(await page.run("tsc", "--module", module[0], "--moduleResolution", module[1])).toEqual({
        exitCode: 0,
        output: "",
      });
    await page.write(
      "src/wrong.tsx",
      'import { ImportWizard } from "@sluice/react";\n<ImportWizard importId="7" />;\n',
    );
    const wrong = await page.run("tsc");
    expect(wrong.exitCode).not.toBe(0);
    expect(wrong.output).toMatch(
      /^src\/wrong\.tsx\(2,15\): error TS2322: Type 'string' is not assignable to type 'number'/,
    );
  });

  it("is built into the example's page", async () => {
    const { exitCode, output } = await page.run("vite", "build", "--logLevel", "warn");
    // How long the builder's plugins took is no fault of what they built.
    const faults = output.replace(/\S*\[PLUGIN_TIMINGS\][\s\S]*?for more details\.\s*/g, "");
    expect({ exitCode, faults }).toEqual({ exitCode: 0, faults: "" });
  });

  it("renders its empty host on a server, and says what is wrong where two copies meet", async () => {
    await page.write(
      "server.js",
      `import { createElement, version } from "react";
      import { renderToString } from "react-dom/server";
      import { cpSync } from "node:fs";
      import { ImportDialog, ImportHistory, ImportWizard, Sluice } from "@sluice/react";
      console.log(version.split(".")[0]);
      for (const each of [ImportWizard, ImportHistory, ImportDialog])
        console.log(renderToString(createElement(each, { theme: "dark", onClose() {} })));
      cpSync("node_modules/@sluice/react", "node_modules/another", { recursive: true });
      const another = await import("another/dist/react/index.js").catch(() => import("./node_modules/another/dist/react/index.js"));
      try {
        renderToString(createElement(Sluice, {}, createElement(another.ImportWizard)));
      } catch (error) {
        console.log(error.message);
      }`,
    );
    const host = '<div data-sluice="" data-theme="dark"></div>';
    const mixed =
      "This component and the <Sluice> above it are from different packages. Import both from `sluice/react`, or both from `@sluice/react`.";
    expect(await page.run("node", "server.js")).toEqual({
      exitCode: 0,
      output: `${[version, host, host, host, mixed].join("\n")}\n`,
    });
  });
});

it("has sources that ask no more of React than 18 has, by its types", async () => {
  const ofReact = (name: string) => ({
    [name]: [`./node_modules/@types/${name}/index.d.ts`],
    [`${name}/*`]: [`./node_modules/@types/${name}/*`],
  });
  const types = ["vite/client", "@types/node"].map((name) => join(root, "node_modules", name));
  const compilerOptions = { types, paths: { ...ofReact("react"), ...ofReact("react-dom") } };
  const tsconfig = { extends: join(root, "tsconfig.web.json"), compilerOptions, include: [join(root, "src/react")] };
  await pages["18"].write("sources.json", JSON.stringify(tsconfig));
  expect(await pages["18"].run("tsc", "-p", "sources.json")).toEqual({ exitCode: 0, output: "" });
});

it("says that it goes on in the browser, needs nothing that only a bundler knows, and has one client", async () => {
  const home = join(folder, "19/node_modules/@sluice/react");
  const text = await readFile(join(home, "dist/react/index.js"), "utf8");
  expect(text).toMatch(/^"use client";/);
  const scripts = (await readdir(join(home, "dist"), { recursive: true })).filter((name) => name.endsWith(".js"));
  const texts = await Promise.all(scripts.map((name) => readFile(join(home, "dist", name), "utf8")));
  expect(texts.filter((each) => /import\.meta\.(?:glob|env)|process\.env/.test(each))).toEqual([]);
  expect(texts.filter((each) => /class ClientError|ClientError = class/.test(each)).length).toBe(1);
  expect(scripts).toContain("client/index.js");
  expect(await readFile(join(home, "dist/client/index.js"), "utf8")).not.toMatch(/"react(?:-dom)?"|use client/);
});

it("has the licences of what is inside, and none of the server", async () => {
  const { files } = inject("sluiceReact");
  expect(files.filter((path) => !/^dist\/(?:react|client|core|chunks|elements)\//.test(path)).sort()).toEqual([
    ...["LICENSE", "README.md", "dist/LICENSES", "package.json"],
  ]);
  expect(files.filter((path) => !/\.js$|\.d\.ts$|LICENSES?$|README\.md$|package\.json$/.test(path))).toEqual([]);
  const licences = await readFile(join(folder, "19/node_modules/@sluice/react/dist/LICENSES"), "utf8");
  expect(licences).toMatch(/^@tanstack\/query-core \d/m);
});

it("has the version, the licence and the makers of the server's package, which it fits alone", async () => {
  const [server, page] = await Promise.all([manifestIn(root), manifestIn(join(root, "packages/react"))]);
  const shared = ({ version, license, author, engines }: Record<string, unknown>) => ({
    version,
    license,
    author,
    engines,
  });
  expect(shared(page)).toEqual(shared(server));
  // A sink's client and a model's are the server's alone.
  const { react, "react-dom": dom } = server.peerDependencies as Record<string, string>;
  expect(page.peerDependencies).toEqual({ react, "react-dom": dom, sluice: server.version });
  expect(await readFile(join(root, "packages/react/LICENSE"), "utf8")).toBe(
    await readFile(join(root, "LICENSE"), "utf8"),
  );
});
