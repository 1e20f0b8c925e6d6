/** A Next.js application with the packed Sluice: the API as a catch-all route, the wizard in a page that the server renders, no configuration. */
import { execFile } from "node:child_process";
import { cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { importers, worker } from "./mounted.ts";
import { install } from "./npm.ts";

/** What an application of today depends on; the wizard takes its React. */
const dependencies = { next: "16.4.6", react: "19.3.1", "react-dom": "19.3.1" };
const devDependencies = { typescript: "5.9.3", "@types/react": "19.3.0", "@types/node": "24.19.2" };

const files: Readonly<Record<string, string>> = {
  "importers.ts": importers,
  "worker.ts": worker,
  "app/api/v1/[[...path]]/route.ts": `import { createApp } from "sluice/server";
import { people } from "../../../../importers.ts";

const sluice = createApp({
  databaseUrl: process.env.DATABASE_URL,
  importers: [people],
  authenticate: async () => ({ id: "ann", name: "Ann", role: "admin" }),
});
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = sluice.handlers();
`,
  "app/layout.tsx": `import type { ReactNode } from "react";

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>{children}</body>
    </html>
  );
}
`,
  "app/import/page.tsx": `import { ImportWizard } from "sluice/react";

export default function Page() {
  return (
    <main>
      <h1>Contacts</h1>
      <ImportWizard importer="people" />
    </main>
  );
}
`,
  "tsconfig.json": JSON.stringify({
    compilerOptions: {
      ...{ target: "es2022", lib: ["dom", "dom.iterable", "es2023"], strict: true, noEmit: true, allowJs: true },
      ...{ module: "esnext", moduleResolution: "bundler", jsx: "react-jsx", esModuleInterop: true, skipLibCheck: true },
      ...{ isolatedModules: true, resolveJsonModule: true, incremental: true, allowImportingTsExtensions: true },
      plugins: [{ name: "next" }],
    },
    include: ["next-env.d.ts", "**/*.ts", "**/*.tsx", ".next/types/**/*.ts", ".next/dev/types/**/*.ts"],
    exclude: ["node_modules"],
  }),
};

export interface NextApp {
  folder: string;
  /** Builds it where no secret is known; with `config` as \`next.config.ts\`. Returns what was said. */
  build(config?: string): Promise<string>;
  /** The folder of a standalone build with its static files, moved away from the application. */
  standalone(): Promise<string>;
}

export async function nextApp(folder: string, tarball: string): Promise<NextApp> {
  await mkdir(folder, { recursive: true });
  const manifest = {
    private: true,
    type: "module",
    dependencies: { ...dependencies, sluice: `file:${tarball}` },
    devDependencies,
  };
  await writeFile(join(folder, "package.json"), JSON.stringify(manifest));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(folder, path, ".."), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  await install(folder);
  const env = { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1", DATABASE_URL: "" } as const;
  return {
    folder,
    async build(config) {
      if (config !== undefined) await writeFile(join(folder, "next.config.ts"), config);
      const { stdout, stderr } = await promisify(execFile)(
        process.execPath,
        ["node_modules/next/dist/bin/next", "build"],
        {
          cwd: folder,
          env,
        },
      );
      return stdout + stderr;
    },
    async standalone() {
      const away = `${folder}-standalone`;
      await cp(join(folder, ".next/standalone"), away, { recursive: true });
      await cp(join(folder, ".next/static"), join(away, ".next/static"), { recursive: true });
      return away;
    },
  };
}
