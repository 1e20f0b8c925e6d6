import type { NextConfig } from "next";

const config: NextConfig = {
  // All that Sluice needs here, and only for a bucket (lib/sluice.ts).
  serverExternalPackages: ["@aws-sdk/client-s3", "@aws-sdk/s3-request-presigner"],
  // For a container: `NEXT_OUTPUT=standalone npm run build` leaves all that runs in .next/standalone.
  output: process.env.NEXT_OUTPUT === "standalone" ? "standalone" : undefined,
  // The folder above has packages of its own while this is an example in Sluice's clone.
  turbopack: { root: import.meta.dirname },
};

export default config;
