export { receive as POST } from "@/lib/sluice.ts";
