/**
 * The password that Excel tries before it asks for one. Workbooks whose structure is protected are encrypted with it, so that they
 * open without a question ([MS-OFFCRYPTO] 2.3.4 and 2.3.6; [MS-XLS] 2.4.191).
 */
export const builtInPassword = "VelvetSweatshop";

/** As the hashes take it. */
export const builtInPasswordBytes = Buffer.from(builtInPassword, "utf16le");
