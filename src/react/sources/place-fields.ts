/** What each kind of place is asked for, in the order of the form. The names are the API's. */
import type { SourcePlace } from "../../client/index.ts";

export type PlaceKind = SourcePlace["kind"];

type FieldName =
  | ("url" | "headers" | "bucket" | "prefix" | "region" | "endpoint" | "accessKeyId" | "secretAccessKey")
  | ("sessionToken" | "host" | "port" | "user" | "password" | "privateKey" | "passphrase" | "hostFingerprint")
  | ("folder" | "tls" | "path");

type FieldHint =
  | ("hintUrl" | "hintHeaders" | "hintPrefix" | "hintEndpoint" | "hintPort" | "hintAnonymous" | "hintPrivateKey")
  | ("hintHostKey" | "hintCertificate" | "hintFolder" | "hintPath");

export interface PlaceField {
  name: FieldName;
  look: "line" | "url" | "number" | "secret" | "lines" | "tls";
  isNeeded?: true;
  /** It is kept encrypted, and never shown again. */
  isSecret?: true;
  hint?: FieldHint;
}

export const placeFields: Readonly<Record<PlaceKind, readonly PlaceField[]>> = {
  url: [
    { name: "url", look: "url", isNeeded: true, hint: "hintUrl" },
    { name: "headers", look: "lines", isSecret: true, hint: "hintHeaders" },
  ],
  s3: [
    { name: "bucket", look: "line", isNeeded: true },
    { name: "prefix", look: "line", hint: "hintPrefix" },
    { name: "region", look: "line" },
    { name: "endpoint", look: "url", hint: "hintEndpoint" },
    { name: "accessKeyId", look: "line", isNeeded: true },
    { name: "secretAccessKey", look: "secret", isNeeded: true, isSecret: true },
    { name: "sessionToken", look: "secret", isSecret: true },
  ],
  sftp: [
    { name: "host", look: "line", isNeeded: true },
    { name: "port", look: "number", hint: "hintPort" },
    { name: "user", look: "line", isNeeded: true },
    { name: "password", look: "secret", isSecret: true },
    { name: "privateKey", look: "lines", isSecret: true, hint: "hintPrivateKey" },
    { name: "passphrase", look: "secret", isSecret: true },
    { name: "hostFingerprint", look: "lines", isNeeded: true, hint: "hintHostKey" },
    { name: "folder", look: "line", hint: "hintFolder" },
  ],
  ftp: [
    { name: "host", look: "line", isNeeded: true },
    { name: "port", look: "number", hint: "hintPort" },
    { name: "tls", look: "tls" },
    { name: "user", look: "line", hint: "hintAnonymous" },
    { name: "password", look: "secret", isSecret: true },
    { name: "hostFingerprint", look: "line", hint: "hintCertificate" },
    { name: "folder", look: "line", hint: "hintFolder" },
  ],
  folder: [{ name: "path", look: "line", isNeeded: true, hint: "hintPath" }],
};
