import { sluice } from "@/lib/sluice.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = sluice.handlers();
