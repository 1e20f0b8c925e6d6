/**
 * Generated from the OpenAPI document: what the API takes and tells, by the names of its schemas. After a change of a route:
 * `npm run client:write`.
 */
import type { NextStep } from "../core/next-step.ts";

export interface Schemas {
  /** @description RFC 9457. Members beside the standard ones help a client go on. */
  Problem: {
    /** @example urn:sluice:error:not_found */
    type: string;
    /**
     * @description In the reader's language.
     * @example There is no such thing.
     */
    title: string;
    /** @example 404 */
    status: number;
    /**
     * @description What a program goes by.
     * @example not_found
     */
    code: string;
    /**
     * @description In the reader's language.
     * @example There is no import 42, or it is not yours.
     */
    detail?: string;
    /** @description What is wrong where in the request; sentences of refusals are in the reader's language. */
    errors?: {
      path: string;
      message: string;
    }[];
    next?: Schemas["NextStep"];
    /** @description To be named when asking for help. */
    requestId?: string;
  } & {
    [key: string]: unknown;
  };
  /**
   * @description What can be done about it. Beside `code` stands what it is about, such as `importId`. A page says it with the names of its own buttons.
   * @example {
   *       "code": "import_again",
   *       "importId": 42,
   *       "hint": "Create another import with again: true."
   *     }
   */
  NextStep: NextStep;
  /**
   * @example {
   *       "id": "0d9f6a1e-6a3b-4f0e-9c39-0e6f8f0f7c11",
   *       "name": "Anna",
   *       "role": "user"
   *     }
   */
  User: {
    id: string;
    name: string;
    /**
     * @description A user sees their own imports, an admin those of everybody within the contexts that are theirs, an operator everything.
     * @enum {string}
     */
    role: "operator" | "admin" | "user";
  };
  SignIn: {
    code: string;
  };
  /**
   * @example {
   *       "id": "0d9f6a1e-6a3b-4f0e-9c39-0e6f8f0f7c11",
   *       "name": "Anna",
   *       "role": "user"
   *     }
   */
  Account: Schemas["User"] & {
    /** Format: date-time */
    createdAt: string;
    /** Format: date-time */
    lastSignedInAt: string | null;
    /** Format: date-time */
    disabledAt: string | null;
    /**
     * @description Where mails about their imports go; null: none are sent.
     * @example anna@example.com
     */
    email: string | null;
  };
  /**
   * @example {
   *       "name": "Anna"
   *     }
   */
  NewUser: {
    name: string;
    /**
     * @description A user sees their own imports, an admin those of everybody within the contexts that are theirs, an operator everything. Default: "user".
     * @enum {string}
     */
    role?: "operator" | "admin" | "user";
    /**
     * @description Where mails about their imports go; null: none are sent.
     * @example anna@example.com
     */
    email?: string | null;
  };
  /**
   * @example {
   *       "disabled": true
   *     }
   */
  UserChanges: {
    name?: string;
    /**
     * @description A user sees their own imports, an admin those of everybody within the contexts that are theirs, an operator everything.
     * @enum {string}
     */
    role?: "operator" | "admin" | "user";
    /** @description True ends their sessions; tokens serve no more. */
    disabled?: boolean;
    /**
     * @description Where mails about their imports go; null: none are sent.
     * @example anna@example.com
     */
    email?: string | null;
  };
  SignInLink: {
    url: string;
    /** Format: date-time */
    expiresAt: string;
  };
  AuditEntry: {
    id: number;
    /** Format: date-time */
    at: string;
    /** @enum {string} */
    name:
      | "session.started"
      | "sign_in.refused"
      | "session.ended"
      | "sessions.revoked"
      | "sign_in_link.made"
      | "user.created"
      | "user.changed"
      | "user.disabled"
      | "user.enabled"
      | "token.created"
      | "token.revoked"
      | "token.refused";
    /** @description Id of a user; null: the command line, or Sluice itself. */
    actor: string | null;
    /** @description As they were called then. */
    actorName: string;
    /** @description Whom it is about. */
    userId: string | null;
    data: {
      [key: string]: unknown;
    };
  };
  /** @description A program's way in. The secret itself is told once, when it is made. */
  Token: {
    id: number;
    name: string;
    userId: string;
    userName: string;
    /**
     * @description A user sees their own imports, an admin those of everybody within the contexts that are theirs, an operator everything.
     * @enum {string}
     */
    role: "operator" | "admin" | "user";
    /** Format: date-time */
    createdAt: string;
    createdBy: string | null;
    /**
     * Format: date-time
     * @description Within a minute.
     */
    lastUsedAt: string | null;
    /** Format: date-time */
    expiresAt: string | null;
    /** Format: date-time */
    revokedAt: string | null;
  };
  /**
   * @example {
   *       "name": "ci"
   *     }
   */
  NewToken: {
    /** @description What it is for. */
    name: string;
    /** @description In whose name; default: yours. A user that Sluice keeps, not one of a JWT. */
    userId?: string;
    /**
     * @description A user sees their own imports, an admin those of everybody within the contexts that are theirs, an operator everything. Default: "user".
     * @enum {string}
     */
    role?: "operator" | "admin" | "user";
    /** @description Null: never. Default: null. */
    expiresInDays?: number | null;
  };
  WebhookList: {
    items: Schemas["Webhook"][];
  };
  Webhook: {
    id: number;
    /** @example https://crm.example.com/hooks/imports */
    url: string;
    name: string;
    events: (
      | "import.ready"
      | "import.completed"
      | "import.failed"
      | "import.cancelled"
      | "import.undone"
      | "import.rows"
    )[];
    /** @description Null: all of them. */
    importer: string | null;
    /** @description Of which imports; null: in every context. */
    context: {
      [key: string]: string;
    } | null;
    /** Format: date-time */
    createdAt: string;
    /** Format: date-time */
    disabledAt: string | null;
    /**
     * @description `gone`: its address answered 410.
     * @enum {string|null}
     */
    disabledReason: "person" | "gone" | null;
    /**
     * Format: date-time
     * @description Its address asked for a pause (429, 502, 504).
     */
    throttledUntil: string | null;
    /**
     * Format: date-time
     * @description How long the secret from before the last rotation signs as well.
     */
    previousSecretUntil: string | null;
  };
  WebhookWithSecret: Schemas["Webhook"] & {
    /**
     * @description It is told this once.
     * @example whsec_…
     */
    secret: string;
  };
  /**
   * @example {
   *       "url": "https://crm.example.com/hooks/imports",
   *       "events": [
   *         "import.completed"
   *       ]
   *     }
   */
  NewWebhook: {
    /** @example https://crm.example.com/hooks/imports */
    url: string;
    /** @description Default: the address' host. */
    name?: string;
    events: (
      | "import.ready"
      | "import.completed"
      | "import.failed"
      | "import.cancelled"
      | "import.undone"
      | "import.rows"
    )[];
    /** @description Default: all, where you may see all. */
    importer?: string | null;
    /** @description Default: yours; for an operator every context. */
    context?: {
      [key: string]: string;
    } | null;
  };
  /**
   * @example {
   *       "isDisabled": true
   *     }
   */
  WebhookChanges: {
    /** @example https://crm.example.com/hooks/imports */
    url?: string;
    name?: string;
    events?: (
      | "import.ready"
      | "import.completed"
      | "import.failed"
      | "import.cancelled"
      | "import.undone"
      | "import.rows"
    )[];
    isDisabled?: boolean;
  };
  /** @example {} */
  WebhookRotation: {
    /** @description Hours that the old secret signs as well. Default: 24. 0: it is known to somebody. */
    keepHours?: number;
  };
  WebhookDelivery: {
    /** @description The `webhook-id`, the same over all attempts. */
    id: string;
    /** @enum {string} */
    event: "import.ready" | "import.completed" | "import.failed" | "import.cancelled" | "import.undone" | "import.rows";
    importId: number;
    /**
     * @description `failed`: given up after the last attempt.
     * @enum {string}
     */
    state: "waiting" | "delivered" | "failed";
    /** @description Of `import.rows`: which page, from 1. */
    page: number | null;
    /** Format: date-time */
    createdAt: string;
    /**
     * Format: date-time
     * @description When it is tried next.
     */
    nextAt: string | null;
    /** @description The first one first. */
    attempts: {
      at: string;
      /** @description Null: there was no answer. */
      status: number | null;
      error: string | null;
      milliseconds: number;
    }[];
  };
  UploadParts: {
    sizeBytes: number;
    /** @description Of the parts that have come, in whatever order. */
    storedBytes: number;
    /** @description How long the addresses hold. */
    expiresInSeconds: number;
    /** @description The first of those that are missing. */
    parts: {
      fromBytes: number;
      sizeBytes: number;
      /** @description PUT exactly these bytes of the file there, without a token of yours. */
      url: string;
    }[];
    /** @description Instead of parts: PATCH the file there by tus 1.0 from `storedBytes` on, in order. Null, and no parts: all of it has come, complete the upload. */
    resumable: {
      url: string;
      /** @description With each request, beside those of tus. */
      headers: {
        [key: string]: string;
      };
      /** @description Of each request but the last, exactly. */
      pieceBytes: number;
    } | null;
  };
  Importer: {
    name: string;
    /** @description What people call what it brings in, in the reader's language. */
    label: string;
    match: {
      /**
       * @description What recognises a duplicate, the strongest first; a list: several fields together.
       * @example [
       *       "email",
       *       [
       *         "first_name",
       *         "last_name"
       *       ]
       *     ]
       */
      keys: (string | string[])[];
      /** @enum {string} */
      onDuplicate: "skip" | "update" | "create";
    };
    /** @description What an import may do with what is there, the default first. */
    modes: ("append" | "upsert" | "update_only" | "replace" | "mirror")[];
    /**
     * @description Which rows count that are the same record; null: the importer does not say.
     * @enum {string|null}
     */
    repeats: "all" | "first" | "last" | null;
    /** @description Values that every row of an import gets beside those of the file, such as a tenant. */
    context: {
      name: string;
      label: string;
      /** @enum {string} */
      type: "text" | "uuid" | "bigint" | "integer";
      /** @description The server sets it: say nothing. */
      pinned: boolean;
      /** @description What you may choose from, where the server knows that beforehand. */
      choices?: string[];
      /** @description What a person reads instead of some of the choices. */
      choiceLabels?: {
        [key: string]: string;
      };
    }[];
    assignsOwners: boolean;
    /** @description Where a row makes several records: what they are called, in the order in which they are written. The main one is what each row is about. */
    records?: {
      name: string;
      label: string;
      isMain: boolean;
    }[];
  };
  ImporterWithFields: Schemas["Importer"] & {
    fields: Schemas["Field"][];
    /**
     * @description Groups of fields of which each row needs one.
     * @example [
     *       [
     *         "email",
     *         "phone"
     *       ]
     *     ]
     */
    atLeastOne: string[][];
  };
  Field: {
    name: string;
    label: string;
    /** @example email */
    kind: string;
    required: boolean;
    /** @description It needs no column: the importer says what a blank counts as. */
    hasDefault: boolean;
    /** @description It takes no column: the importer makes it of the row's others. */
    computed: boolean;
    /** @description Headers that mean this field, in any language. */
    aliases: string[];
    /** @enum {string} */
    merge: "overwrite" | "fill" | "never" | "clear" | "append";
    /** @description What an update may do with it. */
    mergeRules: ("overwrite" | "fill" | "never" | "clear" | "append")[];
    /**
     * @description Of a list: the kind of its values.
     * @example text
     */
    element?: string;
    /** @description Any number of columns may feed it. */
    shared: boolean;
    choices?: {
      value: string;
      /** @description What it is called in the reader's language; else the value. */
      label: string;
      /** @description What means it, in any language. */
      words: string[];
    }[];
    /** @description Of a document: its members, and `custom.*` for the columns that feed nothing else. */
    parts?: {
      /**
       * @description As a mapping names it.
       * @example custom.size
       */
      name: string;
      label: string;
      kind: string;
      required: boolean;
      /** @description Any number of columns may feed it. */
      shared: boolean;
      aliases: string[];
      element?: string;
      choices?: {
        value: string;
        /** @description What it is called in the reader's language; else the value. */
        label: string;
        /** @description What means it, in any language. */
        words: string[];
      }[];
    }[];
    limits?: {
      [key: string]: number | string;
    };
  };
  /**
   * @example {
   *       "id": "7",
   *       "name": "Anna Berg",
   *       "email": "anna@example.com"
   *     }
   */
  Owner: {
    id: string;
    /** @description What they are called; without a name the e-mail. */
    name: string;
    email: string | null;
  };
  UnknownOwners: {
    items: {
      value: string;
      /** @description Valid rows with it. */
      rows: number;
    }[];
    /** @description How many different ones there are. */
    total: number;
    /** @description Valid rows that name nobody. */
    blank: number;
  };
  Upload: {
    /** @example 6f1c4c0e9b1d4c57a4a4a6a2f5f2b8d1 */
    id: string;
    /** @example people.csv */
    fileName: string;
    /**
     * @description open: bytes are missing. complete: an import can be made of it. taken: one was.
     * @enum {string}
     */
    status: "open" | "complete" | "taken";
    /** @description Null: not known before the last byte. */
    sizeBytes: number | null;
    receivedBytes: number;
    /** @description SHA-256 in hex, once it is complete. */
    hash: string | null;
    /** @description The import that has the file now. */
    importId: number | null;
    /** Format: date-time */
    createdAt: string;
    /**
     * Format: date-time
     * @description When it is forgotten, if no byte comes and no import is made of it.
     */
    expiresAt: string;
    /** @description The import of yours that began with the same bytes. */
    sameAs: {
      importId: number;
      importer: string;
      /** @enum {string} */
      status:
        | "pending"
        | "queued"
        | "parsing"
        | "ready"
        | "committing"
        | "completed"
        | "undoing"
        | "undone"
        | "paused"
        | "cancelled"
        | "failed";
      /** Format: date-time */
      createdAt: string;
      /** Format: date-time */
      completedAt: string | null;
    } | null;
  };
  /**
   * @example {
   *       "id": 42,
   *       "importer": "leads",
   *       "fileName": "leads.csv",
   *       "fileHash": "72410c274257face2d56b9452b377400a69665a67f01892adf35285d28550b1f",
   *       "fileSizeBytes": 18213004,
   *       "status": "committing",
   *       "phase": "commit",
   *       "actions": [
   *         "pause",
   *         "cancel"
   *       ],
   *       "dialect": {
   *         "format": "csv",
   *         "packing": "none",
   *         "encoding": "windows-1252",
   *         "delimiter": ";",
   *         "headerRow": 1,
   *         "columns": [
   *           "E-mail",
   *           "Nom",
   *           "Téléphone"
   *         ]
   *       },
   *       "totalRows": 200000,
   *       "processedRows": 200000,
   *       "validRows": 198730,
   *       "invalidRows": 1270,
   *       "skippedRows": 0,
   *       "importedRows": 0,
   *       "warnings": 45,
   *       "undecided": 0,
   *       "counts": {
   *         "created": 80000,
   *         "updated": 0,
   *         "unchanged": 0,
   *         "skipped": 312,
   *         "invalid": 1270,
   *         "failed": 0
   *       },
   *       "progress": {
   *         "phase": "commit",
   *         "step": "committing",
   *         "current_step": "Écriture des enregistrements…",
   *         "sub_step": "80312/198730",
   *         "processed": 80312,
   *         "total": 198730,
   *         "percent": 40.4,
   *         "rowsPerSecond": 41000,
   *         "etaSeconds": 3,
   *         "counts": {
   *           "created": 80000,
   *           "updated": 0,
   *           "unchanged": 0,
   *           "skipped": 312,
   *           "invalid": 1270,
   *           "failed": 0
   *         }
   *       },
   *       "current_step": "Écriture des enregistrements…",
   *       "sub_step": "80312/198730",
   *       "errorMessage": null,
   *       "next": null,
   *       "notice": null,
   *       "pausedBy": null,
   *       "createdBy": "anna",
   *       "createdByName": "Anna Berg",
   *       "language": "fr",
   *       "dryRun": false,
   *       "autoCommit": false,
   *       "hasFile": true,
   *       "parentId": null,
   *       "children": [],
   *       "failures": 0,
   *       "retryAt": null,
   *       "createdAt": "2026-01-31T13:30:00.000Z",
   *       "parseStartedAt": "2026-01-31T13:30:04.000Z",
   *       "parsedAt": "2026-01-31T13:30:07.000Z",
   *       "commitStartedAt": "2026-01-31T13:31:12.000Z",
   *       "completedAt": null,
   *       "undoStartedAt": null,
   *       "undoneAt": null,
   *       "updatedAt": "2026-01-31T13:31:14.000Z"
   *     }
   */
  CreatedImport: Schemas["Import"] & {
    mapping: Schemas["Mapping"];
    template: Schemas["Template"];
    /** @description Remembered mappings for files of these columns; use one with templateId. */
    suggestedTemplates: (Schemas["Template"] & unknown)[];
  };
  /** @description How the file is written. */
  Dialect: {
    /** @enum {string} */
    format: "csv" | "xlsx" | "ods" | "xls" | "json" | "jsonl";
    /** @enum {string} */
    packing: "none" | "gzip" | "zip";
    encoding?: string;
    delimiter?: string;
    /** @enum {string} */
    quote?: '"' | "'" | "none";
    /** @enum {string} */
    escape?: "double" | "backslash";
    /** @description Its number from 1; 0: the file has none. */
    headerRow: number;
    sheet?: string;
    /** @description The file of a zip archive of several files. */
    entry?: string;
    /**
     * @description Cells that are exactly one of these words are blank.
     * @example [
     *       "NULL"
     *     ]
     */
    nulls?: string[];
    /**
     * @description White space: dropped at the ends of cells (default), inside them too but for one space, or kept in fields of text.
     * @enum {string}
     */
    trim?: "ends" | "all" | "none";
    /**
     * @description Rows that end early: padded with blanks, or rejected. Default: as the whole file shows.
     * @enum {string}
     */
    shortRows?: "pad" | "reject";
    /**
     * @description Rows that add up others: skipped (default), or kept as rows.
     * @enum {string}
     */
    totals?: "skip" | "keep";
    columns: string[];
  };
  /** @description Left out in lists. */
  Counts: {
    created: number;
    updated: number;
    unchanged: number;
    skipped: number;
    invalid: number;
    failed: number;
  } & {
    [key: string]: number;
  };
  /** @description How far the present step is. */
  Progress: {
    /** @enum {string} */
    phase: "parse" | "commit" | "undo";
    /** @enum {string} */
    step: "reading" | "indexing" | "matching" | "committing" | "reporting" | "undoing";
    /** @description The one of several records that is being written. */
    record?: {
      name: string;
      done: number;
      of: number | null;
    };
    /**
     * @description What it does now, in the reader's language.
     * @example Creating rings…
     */
    current_step: string;
    /**
     * @description How far it is with that.
     * @example 45/200
     */
    sub_step: string | null;
    processed: number;
    /** @description Null while nobody knows, as while a file is read. */
    total: number | null;
    percent: number | null;
    rowsPerSecond: number | null;
    etaSeconds: number | null;
    counts: Schemas["Counts"] & unknown;
  } | null;
  Mapping: {
    columns: Schemas["MappedColumn"][];
    fields: Schemas["MappedField"][];
    /** @description Fields that nothing feeds, and that are needed before the start. */
    missing: string[];
  };
  MappedColumn: {
    column: string;
    /** @description Its place in the file, from 0. */
    index: number;
    field: string | null;
    transform?: Schemas["Transform"];
    /** @description What a blank cell counts as. */
    default?: string;
    /** @description 0 to 1: how sure the suggestion is. */
    score: number;
    /** @enum {string} */
    reason: "given" | "name" | "alias" | "similar" | "values" | "rest" | "none";
    /**
     * @description What must be decided, or accepted, before the start.
     * @enum {string}
     */
    doubt?:
      | "ambiguous_field"
      | "date_order"
      | "date_serial"
      | "decimal_mark"
      | "separator"
      | "similar_name"
      | "time_zone";
    /**
     * @description Why its dates or numbers are read so: by its cells, the file's other columns, its delimiter, the language of its header, all of its rows against the first ones, a remembered mapping; or as is usual. Absent: somebody said it.
     * @enum {string}
     */
    readBy?: "cells" | "columns" | "origin" | "language" | "whole_file" | "remembered" | "usual";
    repair?: {
      /** @enum {string} */
      kind: "pad_zeros";
      width: number;
      cells: number;
    };
    /** @description Words for a null in a column of text, and how many cells have them: `blankWords` of its transform makes them blank. */
    blanks?: {
      words: string[];
      cells: number;
    };
  };
  /** @description How cells are read where they alone do not say. */
  Transform: {
    /** @enum {string} */
    dateOrder?: "dmy" | "mdy" | "ymd" | "serial";
    /** @enum {string} */
    decimalMark?: "," | ".";
    /**
     * @description The zone of times that name none: `UTC`, an offset, or a name of the IANA database.
     * @example Europe/Paris
     */
    timeZone?: string;
    /**
     * @description What separates the values in a list's cell.
     * @example ;
     */
    separator?: string;
    /**
     * @description Cells of the column that are exactly one of these words are blank.
     * @example [
     *       "NULL"
     *     ]
     */
    blankWords?: string[];
    /** @description Zeros before codes of so many digits. */
    padTo?: number;
    /** @description Cell → choice, on top of the field's own words. */
    values?: {
      [key: string]: string;
    };
  };
  /** @description A field whose values are not the cells of one column. */
  MappedField: {
    field: string;
    source: Schemas["FieldSource"];
    transform?: Schemas["Transform"];
    default?: string;
    /**
     * @description `values`: the cells suggest it.
     * @enum {string}
     */
    reason: "given" | "values";
    /** @enum {string} */
    doubt?: "suggested_split";
  };
  /**
   * @description Where a field's values come from when they are not the cells of one column: a constant, several columns joined, a part of a column.
   * @example {
   *       "kind": "join",
   *       "columns": [
   *         "Prénom",
   *         "Nom"
   *       ],
   *       "separator": " "
   *     }
   */
  FieldSource:
    | {
        /** @enum {string} */
        kind: "constant";
        /** @description The same in every row; read like a cell. */
        value: string;
      }
    | {
        /** @enum {string} */
        kind: "join";
        columns: string[];
        /**
         * @description Between the cells that are not blank.
         * @example
         */
        separator: string;
      }
    | {
        /** @enum {string} */
        kind: "split";
        column: string;
        /** @enum {string} */
        by: "name";
        /** @enum {string} */
        part: "first" | "last" | "title";
      }
    | {
        /** @enum {string} */
        kind: "split";
        column: string;
        /** @enum {string} */
        by: "address";
        /** @enum {string} */
        part: "street" | "postal_code" | "city" | "country";
      }
    | {
        /** @enum {string} */
        kind: "split";
        column: string;
        /** @enum {string} */
        by: "separator";
        separator: string;
        /** @description Which piece, from 1; -1 is the last. */
        part: number;
      };
  /** @description The remembered mapping that was used. */
  Template: {
    id: number;
    importer: string;
    createdBy: string;
    /** @description SHA-256 over the folded names of the columns, in hex. */
    fingerprint: string;
    columns: Schemas["GivenColumn"][];
    fields: Schemas["GivenField"][];
    /** @description What you call it; null: remembered without being asked. */
    name: string | null;
    duplicates: {
      /** @enum {string} */
      strategy: "skip" | "update" | "create";
      /**
       * @description The strongest first. A list is a key of several fields, each of which must have a value.
       * @example [
       *       "email",
       *       [
       *         "first_name",
       *         "last_name"
       *       ]
       *     ]
       */
      keys: (string | string[])[];
    };
    merge: Schemas["MergeRules"];
    assignment: {
      mode: string;
    } & {
      [key: string]: unknown;
    };
    /**
     * @description What is done with what is there: rows are matched and duplicates treated as said, records are only updated, rows are only added, everything is replaced by the file, or what the file does not name is removed.
     * @enum {string}
     */
    mode: "append" | "upsert" | "update_only" | "replace" | "mirror";
    /**
     * @description Which rows of the file count that are the same record: all of them, one after the other, or only the first or the last, where duplicates update and one key recognises them.
     * @enum {string}
     */
    repeats: "all" | "first" | "last";
    dialect: Schemas["RememberedDialect"];
    /** Format: date-time */
    createdAt: string;
    /** Format: date-time */
    updatedAt: string;
  } | null;
  GivenColumn: {
    /**
     * @description Its header.
     * @example E-mail
     */
    column: string;
    /**
     * @description Null leaves it out.
     * @example email
     */
    field: string | null;
    transform?: Schemas["Transform"];
    /** @description What a blank cell counts as; read like a cell. */
    default?: string;
  };
  GivenField: {
    field: string;
    /** @description Null: it is not made any more. */
    source:
      | {
          /** @enum {string} */
          kind: "constant";
          /** @description The same in every row; read like a cell. */
          value: string;
        }
      | {
          /** @enum {string} */
          kind: "join";
          columns: string[];
          /**
           * @description Between the cells that are not blank.
           * @example
           */
          separator: string;
        }
      | {
          /** @enum {string} */
          kind: "split";
          column: string;
          /** @enum {string} */
          by: "name";
          /** @enum {string} */
          part: "first" | "last" | "title";
        }
      | {
          /** @enum {string} */
          kind: "split";
          column: string;
          /** @enum {string} */
          by: "address";
          /** @enum {string} */
          part: "street" | "postal_code" | "city" | "country";
        }
      | {
          /** @enum {string} */
          kind: "split";
          column: string;
          /** @enum {string} */
          by: "separator";
          separator: string;
          /** @description Which piece, from 1; -1 is the last. */
          part: number;
        }
      | null;
    transform?: Schemas["Transform"];
    /** @description What a blank cell counts as; read like a cell. */
    default?: string;
  };
  /**
   * @description What an update does with a field where it is not what the importer says: take the file's value unless it is blank, only fill what is blank, leave the record as it is, or take the file's value even when it is blank. `append` is for lists: values that the record does not have yet go behind those it has.
   * @example {
   *       "phone": "fill"
   *     }
   */
  MergeRules: {
    [key: string]: "overwrite" | "fill" | "never" | "clear" | "append";
  };
  /** @description What was said of how rows and cells are read. */
  RememberedDialect: {
    /** @enum {string} */
    quote?: "none";
    /**
     * @description Cells that are exactly one of these words are blank.
     * @example [
     *       "NULL"
     *     ]
     */
    nulls?: string[];
    /**
     * @description White space: dropped at the ends of cells (default), inside them too but for one space, or kept in fields of text.
     * @enum {string}
     */
    trim?: "ends" | "all" | "none";
    /**
     * @description Rows that end early: padded with blanks, or rejected. Default: as the whole file shows.
     * @enum {string}
     */
    shortRows?: "pad" | "reject";
    /**
     * @description Rows that add up others: skipped (default), or kept as rows.
     * @enum {string}
     */
    totals?: "skip" | "keep";
  };
  /**
   * @example {
   *       "id": 42,
   *       "importer": "leads",
   *       "fileName": "leads.csv",
   *       "fileHash": "72410c274257face2d56b9452b377400a69665a67f01892adf35285d28550b1f",
   *       "fileSizeBytes": 18213004,
   *       "status": "committing",
   *       "phase": "commit",
   *       "actions": [
   *         "pause",
   *         "cancel"
   *       ],
   *       "dialect": {
   *         "format": "csv",
   *         "packing": "none",
   *         "encoding": "windows-1252",
   *         "delimiter": ";",
   *         "headerRow": 1,
   *         "columns": [
   *           "E-mail",
   *           "Nom",
   *           "Téléphone"
   *         ]
   *       },
   *       "totalRows": 200000,
   *       "processedRows": 200000,
   *       "validRows": 198730,
   *       "invalidRows": 1270,
   *       "skippedRows": 0,
   *       "importedRows": 0,
   *       "warnings": 45,
   *       "undecided": 0,
   *       "counts": {
   *         "created": 80000,
   *         "updated": 0,
   *         "unchanged": 0,
   *         "skipped": 312,
   *         "invalid": 1270,
   *         "failed": 0
   *       },
   *       "progress": {
   *         "phase": "commit",
   *         "step": "committing",
   *         "current_step": "Écriture des enregistrements…",
   *         "sub_step": "80312/198730",
   *         "processed": 80312,
   *         "total": 198730,
   *         "percent": 40.4,
   *         "rowsPerSecond": 41000,
   *         "etaSeconds": 3,
   *         "counts": {
   *           "created": 80000,
   *           "updated": 0,
   *           "unchanged": 0,
   *           "skipped": 312,
   *           "invalid": 1270,
   *           "failed": 0
   *         }
   *       },
   *       "current_step": "Écriture des enregistrements…",
   *       "sub_step": "80312/198730",
   *       "errorMessage": null,
   *       "next": null,
   *       "notice": null,
   *       "pausedBy": null,
   *       "createdBy": "anna",
   *       "createdByName": "Anna Berg",
   *       "language": "fr",
   *       "dryRun": false,
   *       "autoCommit": false,
   *       "hasFile": true,
   *       "parentId": null,
   *       "children": [],
   *       "failures": 0,
   *       "retryAt": null,
   *       "createdAt": "2026-01-31T13:30:00.000Z",
   *       "parseStartedAt": "2026-01-31T13:30:04.000Z",
   *       "parsedAt": "2026-01-31T13:30:07.000Z",
   *       "commitStartedAt": "2026-01-31T13:31:12.000Z",
   *       "completedAt": null,
   *       "undoStartedAt": null,
   *       "undoneAt": null,
   *       "updatedAt": "2026-01-31T13:31:14.000Z"
   *     }
   */
  Import: {
    id: number;
    importer: string;
    fileName: string;
    /** @description SHA-256 of the file, in hex. */
    fileHash: string;
    fileSizeBytes: number;
    /** @enum {string} */
    status:
      | "pending"
      | "queued"
      | "parsing"
      | "ready"
      | "committing"
      | "completed"
      | "undoing"
      | "undone"
      | "paused"
      | "cancelled"
      | "failed";
    /**
     * @description Which work is queued, running, paused or failed.
     * @enum {string}
     */
    phase: "parse" | "commit" | "undo";
    /** @description What can be done with it now. */
    actions: (
      | "start"
      | "dry-run"
      | "commit"
      | "pause"
      | "resume"
      | "reject"
      | "retry"
      | "reopen"
      | "cancel"
      | "undo"
      | "delete"
    )[];
    dialect: Schemas["Dialect"];
    totalRows: number;
    processedRows: number;
    validRows: number;
    invalidRows: number;
    /** @description Left out by the parse: totals of other rows. */
    skippedRows: number;
    importedRows: number;
    /** @description Issues of the file and its rows that keep no row out, as counted so far. Left out in lists. */
    warnings?: number;
    /** @description Columns and fields that are read as suggested, without anybody having said that this is right. */
    undecided: number;
    counts?: Schemas["Counts"];
    progress: Schemas["Progress"];
    /**
     * @description The same as in `progress`, while it is at work; else null.
     * @example Creating rings…
     */
    current_step: string | null;
    sub_step: string | null;
    /** @description Why it is paused, failed or tried again, in the reader's language. */
    errorMessage: string | null;
    /** @description What can be done about that. */
    next: Schemas["NextStep"] | null;
    /** @description What is worth knowing of an import with which nothing is wrong, in the reader's language: its file has a header and no rows. */
    notice: string | null;
    /** @description What they are called who hold it, where it is paused. */
    pausedBy: string | null;
    /** @description Id of the user. */
    createdBy: string | null;
    /** @description As they are called now, or were called then; null: nobody knows. */
    createdByName: string | null;
    language: string;
    dryRun: boolean;
    autoCommit: boolean;
    /** @description Whether its file is still kept; that of a finished import goes after a while. */
    hasFile: boolean;
    /** @description The import whose corrected rejects this one brings. */
    parentId: number | null;
    /** @description Imports that brought corrected rejects of this one. Left out in lists. */
    children?: number[];
    failures: number;
    /** Format: date-time */
    retryAt: string | null;
    /** Format: date-time */
    createdAt: string;
    /** Format: date-time */
    parseStartedAt: string | null;
    /** Format: date-time */
    parsedAt: string | null;
    /** Format: date-time */
    commitStartedAt: string | null;
    /**
     * Format: date-time
     * @description When it was completed or cancelled.
     */
    completedAt: string | null;
    /** Format: date-time */
    undoStartedAt: string | null;
    /** Format: date-time */
    undoneAt: string | null;
    /** Format: date-time */
    updatedAt: string;
  };
  /**
   * @example {
   *       "uploadId": "01JD0K7T6P",
   *       "importer": "leads"
   *     }
   */
  NewImport: {
    /** @description Needed unless fileOf says the file. */
    uploadId?: string;
    /** @description Instead of uploadId, an import whose file is still kept (`hasFile`): a copy of it is imported anew, read and matched like that one. */
    fileOf?: number;
    /**
     * @description Needed unless parentId or fileOf says it.
     * @example leads
     */
    importer?: string;
    options?: Schemas["ImportOptionsInput"];
    /** @description What is known of columns; a field for the others is suggested. */
    columns?: Schemas["GivenColumn"][];
    /** @description Fields that are not one column's: constant, joined, split. */
    fields?: Schemas["GivenField"][];
    /** @description A remembered mapping to use. */
    templateId?: number;
    /** @description The import whose corrected rejects this file brings: it is read and matched like that one. */
    parentId?: number;
    /** @description Only to be counted, never committed. Default: false. */
    dryRun?: boolean;
    /** @description Import the file although it was imported before. Default: false. */
    again?: boolean;
    /** @description Start at once. Default: what options.autoCommit is. */
    start?: boolean;
    /** @description Default: false. */
    acceptDoubts?: boolean;
  };
  /**
   * @example {
   *       "duplicates": {
   *         "strategy": "update",
   *         "keys": [
   *           "email"
   *         ]
   *       },
   *       "assignment": {
   *         "mode": "round-robin",
   *         "owners": [
   *           {
   *             "owner": "anna@example.com"
   *           },
   *           {
   *             "owner": "17"
   *           }
   *         ]
   *       },
   *       "autoCommit": true
   *     }
   */
  ImportOptionsInput: {
    dialect?: Schemas["DialectHints"];
    duplicates?: Schemas["Duplicates"];
    merge?: Schemas["MergeRules"] & unknown;
    assignment?: Schemas["Assignment"];
    /** @description Only what you may choose (`context` of the importer). Default: as the server sets it. */
    context?: {
      [key: string]: string;
    };
    /** @enum {string} */
    language?: "en" | "fr" | "sv";
    /**
     * @description What is done with what is there: rows are matched and duplicates treated as said, records are only updated, rows are only added, everything is replaced by the file, or what the file does not name is removed.
     * @enum {string}
     */
    mode?: "append" | "upsert" | "update_only" | "replace" | "mirror";
    /** @description How many records a replace or a mirror may remove, where that is more than the importer allows without asking. */
    confirmRemovals?: number;
    /**
     * @description Which rows of the file count that are the same record: all of them, one after the other, or only the first or the last, where duplicates update and one key recognises them.
     * @enum {string}
     */
    repeats?: "all" | "first" | "last";
    /** @description Go on to the commit without a review. */
    autoCommit?: boolean;
  };
  /** @description What is not left to detection. */
  DialectHints: {
    /** @example windows-1252 */
    encoding?: string;
    /** @example ; */
    delimiter?: string;
    /**
     * @description What encloses cells; `none`: quotes are text.
     * @enum {string}
     */
    quote?: '"' | "'" | "none";
    /**
     * @description How a quote is written inside quotes.
     * @enum {string}
     */
    escape?: "double" | "backslash";
    /** @description From 1; 0: there is none. */
    headerRow?: number;
    /** @description Its name, or its place from 1. */
    sheet?: string;
    /** @description Name of the zip archive's file, or its place from 1. */
    entry?: string;
    /**
     * @description Cells that are exactly one of these words are blank.
     * @example [
     *       "NULL"
     *     ]
     */
    nulls?: string[];
    /**
     * @description White space: dropped at the ends of cells (default), inside them too but for one space, or kept in fields of text.
     * @enum {string}
     */
    trim?: "ends" | "all" | "none";
    /**
     * @description Rows that end early: padded with blanks, or rejected. Default: as the whole file shows.
     * @enum {string}
     */
    shortRows?: "pad" | "reject";
    /**
     * @description Rows that add up others: skipped (default), or kept as rows.
     * @enum {string}
     */
    totals?: "skip" | "keep";
  };
  /** @description Default: the importer's. */
  Duplicates: {
    /** @enum {string} */
    strategy: "skip" | "update" | "create";
    /**
     * @description The strongest first. A list is a key of several fields, each of which must have a value.
     * @example [
     *       "email",
     *       [
     *         "first_name",
     *         "last_name"
     *       ]
     *     ]
     */
    keys: (string | string[])[];
  };
  /** @description Default: none. */
  Assignment:
    | {
        /** @enum {string} */
        mode: "none";
      }
    | {
        /** @enum {string} */
        mode: "single";
        /**
         * @description By id, e-mail or name.
         * @example anna@example.com
         */
        owner: string;
      }
    | {
        /** @enum {string} */
        mode: "round-robin";
        owners: {
          /**
           * @description By id, e-mail or name.
           * @example anna@example.com
           */
          owner: string;
          /** @description Default: 1. */
          weight?: number;
        }[];
      }
    | {
        /** @enum {string} */
        mode: "column";
        column: string;
        /**
         * @description By id, e-mail or name.
         * @example anna@example.com
         */
        fallback?: string;
        /**
         * @description Cell, in any case → owner, where nobody is called so.
         * @example {
         *       "A. Berg": "anna@example.com"
         *     }
         */
        values?: {
          [key: string]: string;
        };
      };
  ImportPage: {
    items: Schemas["Import"][];
    /** @description `after` of the next page; null: this is the last. */
    next: string | null;
    /** @description How many there are on all pages. */
    count: number;
  };
  /**
   * @example {
   *       "columns": [
   *         {
   *           "column": "E-mail",
   *           "field": "email"
   *         }
   *       ],
   *       "fields": [
   *         {
   *           "field": "source",
   *           "source": {
   *             "kind": "constant",
   *             "value": "Salon 2026"
   *           }
   *         }
   *       ]
   *     }
   */
  MappingInput: {
    /** @description Default: []. */
    columns?: Schemas["GivenColumn"][];
    /** @description Fields that are not one column's: constant, joined, split. Default: []. */
    fields?: Schemas["GivenField"][];
  };
  ImportOptions: {
    dialect: Schemas["DialectHints"];
    duplicates: Schemas["Duplicates"] & unknown;
    merge: Schemas["MergeRules"];
    assignment: Schemas["Assignment"] & unknown;
    context: {
      [key: string]: string;
    };
    language: string;
    /**
     * @description What is done with what is there: rows are matched and duplicates treated as said, records are only updated, rows are only added, everything is replaced by the file, or what the file does not name is removed.
     * @enum {string}
     */
    mode: "append" | "upsert" | "update_only" | "replace" | "mirror";
    /** @description How many records a replace or a mirror may remove, where that is more than the importer allows without asking. */
    confirmRemovals: number;
    /**
     * @description Which rows of the file count that are the same record: all of them, one after the other, or only the first or the last, where duplicates update and one key recognises them.
     * @enum {string}
     */
    repeats: "all" | "first" | "last";
    /** @description Go on to the commit without a review. */
    autoCommit: boolean;
  };
  Preview: {
    /** @description How many rows the columns were judged by. */
    sampledRows: number;
    /** @description Whether these are all rows of the file. False: its first ones. */
    isWhole: boolean;
    columns: {
      column: string;
      /**
       * @description What the cells look like.
       * @example email
       */
      kind: string;
      /** @description Share of the sample, 0 to 1. */
      filled: number;
      distinct: number;
      examples: string[];
      /** @description The most frequent cells of the sample; of a file of few columns, up to 200. */
      top: {
        value: string;
        count: number;
        /** @description Of a column that feeds a choice: which one the cell means. Null: none. */
        choice?: string | null;
      }[];
    }[];
    rows: {
      row: number;
      cells: string[];
      /** @description False: it has too few cells, too many, or an open quote. */
      intact: boolean;
      /** @description Field → its value as the database will get it. Null: the row would be rejected. */
      values: {
        [key: string]: string | null;
      } | null;
      issues: Schemas["Issue"][];
    }[];
    more: boolean;
    findings: {
      code: string;
      count: number;
      params: {
        [key: string]: string | number;
      };
    }[];
  };
  Issue: {
    code: Schemas["IssueCode"];
    field: string | null;
    /** @enum {string} */
    severity: "error" | "warning" | "info";
    message: string;
    params: {
      [key: string]: string | number;
    };
  };
  /**
   * @description See docs/issues.md.
   * @enum {string}
   */
  IssueCode:
    | "text_too_long"
    | "text_too_short"
    | "text_pattern"
    | "email_invalid"
    | "phone_invalid"
    | "extension_left_out"
    | "integer_invalid"
    | "decimal_invalid"
    | "date_invalid"
    | "datetime_invalid"
    | "time_zone_unknown"
    | "time_invalid"
    | "boolean_invalid"
    | "choice_unknown"
    | "url_invalid"
    | "url_scheme"
    | "uuid_invalid"
    | "list_too_long"
    | "json_invalid"
    | "json_too_deep"
    | "reference_unknown"
    | "required"
    | "encoding_invalid"
    | "nul_character"
    | "spreadsheet_damage"
    | "number_too_small"
    | "number_too_large"
    | "owner_unknown"
    | "value_rejected"
    | "at_least_one"
    | "row_rejected"
    | "row_too_short"
    | "row_too_long"
    | "row_too_large"
    | "quote_unclosed"
    | "quote_as_text"
    | "lines_in_quotes"
    | "rows_unwrapped"
    | "cell_error"
    | "cell_too_long"
    | "outside_table"
    | "row_number_repeated"
    | "rows_padded"
    | "total_row"
    | "summary_row"
    | "row_left_out"
    | "decided_update"
    | "sum_without_word"
    | "several_values"
    | "leading_zero_lost"
    | "constant_formula"
    | "guard_removed"
    | "unseen_removed"
    | "blank_word"
    | "value_unwrapped"
    | "date_damage"
    | "titles_above_header"
    | "header_guessed"
    | "header_shifted"
    | "header_repeated"
    | "page_titles"
    | "rules_between"
    | "other_tables"
    | "other_sheets"
    | "other_files"
    | "sheet_hidden"
    | "rows_hidden"
    | "columns_hidden"
    | "cells_merged"
    | "formula_without_value"
    | "encoding_guessed"
    | "text_garbled"
    | "keys_as_column"
    | "reading_changed"
    | "reading_mixed"
    | "reading_open"
    | "dates_half_swapped"
    | "duplicate_in_file"
    | "duplicate_of_failed"
    | "duplicate_in_table"
    | "match_ambiguous"
    | "record_ambiguous"
    | "record_unknown"
    | "record_key_blank"
    | "record_in_use"
    | "key_case_differs"
    | "key_shared_in_file"
    | "key_shared_in_table"
    | "no_match"
    | "database_not_null"
    | "database_too_long"
    | "database_out_of_range"
    | "database_check"
    | "database_foreign_key"
    | "database_unique"
    | "database_rejected"
    | "database_skipped";
  Analysis: {
    /** @description How many rows were looked at. */
    sampledRows: number;
    /** @description Whether that is all of them. */
    isWhole: boolean;
    /** @description Which column is what. */
    columns: {
      column: string;
      index: number;
      field: string | null;
      /** @description It feeds nothing yet: `PATCH …/mapping` takes it. */
      isSuggested: boolean;
      /** @description How sure it is, 0 to 1. */
      score: number;
      /** @description In the reader's language. */
      reason: string;
      /**
       * @description `model`: a language model says so.
       * @enum {string}
       */
      by: "file" | "model";
    }[];
    /** @description Records that the rows refer to, by the values of a column. */
    parents: {
      /** @description Of the importer's records; null: it is looked up. */
      record: string | null;
      label: string;
      field: string;
      column: string;
      /** @description Whether those that are not there are created. */
      isCreated: boolean;
      distinct: number;
      /** @description The rows that were looked at don't show all. */
      isAtLeast: boolean;
      values: {
        value: string;
        count: number;
      }[];
      /** @description In the reader's language. */
      reason: string;
    }[];
    /** @description The first and the last day. */
    spans: {
      fields: string[];
      columns: string[];
      from: string;
      to: string;
      years: number[];
      /** @description In the reader's language. */
      reason: string;
    }[];
    /** @description What would come of the file, table by table. */
    structure: {
      record: string | null;
      label: string;
      table: string;
      /** @description Null: the rows that were looked at don't tell. */
      count: number | null;
      isAtLeast: boolean;
      /** @description In the reader's language. */
      reason: string;
    }[];
    /** @description The language model that can be asked; null: none is configured. */
    model: {
      /** @example anthropic/claude */
      name: string;
      /** @description How many headers it is sent, or was. */
      columns: number;
      /** @description How many values of each column go with them, at most. */
      values: number;
      /** @enum {string} */
      state: "not_asked" | "used" | "failed";
      /** @description Why the file's own analysis stays. */
      problem: string | null;
      /** @description What it said that does not fit the file, and is left out. */
      refused: number;
    } | null;
  };
  /**
   * @example {
   *       "of": "delimiter",
   *       "chosen": ",",
   *       "runnerUp": {
   *         "value": ";",
   *         "reason": "would give 1 column in 40 of 40 rows",
   *         "isClose": false
   *       }
   *     }
   */
  ReadingChoice: {
    /** @enum {string} */
    of: "delimiter" | "encoding" | "quote" | "headerRow" | "sheet" | "dateOrder" | "decimalMark";
    /** @description Of dates and numbers: whose they are. */
    column?: string;
    chosen: string | number;
    /** @description Null: nothing else would make a difference. */
    runnerUp: {
      /** @description As `options.dialect` or the column's `transform` takes it. */
      value: string | number;
      /** @description What would come of it, in the reader's language. */
      reason: string;
      /** @description It reads nearly as well. */
      isClose: boolean;
    } | null;
  };
  /** @description The first rows under a dialect that is on trial. */
  Reading: {
    dialect: Schemas["Dialect"];
    rows: {
      row: number;
      cells: string[];
      /** @description False: it has too few cells, too many, or an open quote. */
      intact: boolean;
    }[];
    more: boolean;
  };
  Sheet: {
    name: string;
    /** @description Its place in the workbook, from 1. */
    index: number;
    hidden: boolean;
    /** @description Of the widest of the rows that were looked at. */
    columns: number;
    /** @description The first that hold something: at most 5, each cut. None: the sheet is empty. */
    rows: string[][];
    /** @description Whether there are more rows. */
    more: boolean;
  };
  /** @description A file of a zip archive. */
  Entry: {
    /** @description With the folders it is in. */
    name: string;
    /** @description Its place among the archive's files, from 1. */
    index: number;
    /** @description Unpacked, as the archive declares. */
    sizeBytes: number;
    /** @description Of the widest of the rows that were looked at. */
    columns: number;
    /** @description The first that hold something: at most 5, each cut. None: it was not looked into, or cannot be read. */
    rows: string[][];
    /** @description Whether there are more rows. */
    more: boolean;
    /** @description Why it cannot be read, in the reader's language. */
    problem: string | null;
  };
  /**
   * @example {
   *       "acceptDoubts": false
   *     }
   */
  Start: {
    /** @description Take doubtful columns as suggested. Default: false. */
    acceptDoubts?: boolean;
  };
  DryRun: {
    counts: Schemas["Counts"] & unknown;
    issues: Schemas["IssueCount"][];
    /** @description Of a replace or a mirror: records that would be gone, of how many in scope, and why somebody has to confirm the number (`confirmRemovals`): too large a share, no row goes in, or invalid rows may name any. Null: nobody has to. */
    removal?: {
      records: number;
      of: number;
      /** @enum {string|null} */
      confirm: "share" | "no_rows" | "unknown_rows" | null;
    };
    /** @description Updating rows by the field that they write. Left out where the importer's own loader decides it. */
    changedFields?: {
      field: string;
      rows: number;
    }[];
    /** @description The first 20 records, as they are and as they would be. */
    samples?: {
      row: number;
      recordId: string;
      changes: {
        field: string;
        from: string | null;
        to: string | null;
      }[];
    }[];
  };
  IssueCount: {
    /** @description Null where the row, or the file, as a whole is meant. */
    field: string | null;
    /** @description What the field is called in the reader's language. */
    label: string | null;
    code: Schemas["IssueCode"];
    /** @enum {string} */
    severity: "error" | "warning" | "info";
    title: string;
    count: number;
    /** @description What can be done about it. */
    next: Schemas["NextStep"] | null;
  };
  /**
   * @example {
   *       "confirmRemovals": 120
   *     }
   */
  Confirmation: {
    /** @description How many records a replace or a mirror may remove. Default: as the option says. */
    confirmRemovals?: number;
  };
  /** @description `valid` and `invalid` count all rows of the import, whatever is asked for; `total`, with an `offset`, those that are, once they are counted. Where rows are large it has fewer of them than `limit`, and a `next` all the same. */
  RowPage: {
    items: Schemas["Row"][];
    /** @description `after` of the next page; null: this is the last. */
    next: string | null;
    valid: number;
    invalid: number;
    total?: number;
    /** @description Ask again: so many rows are `found` so far, looking `through` that row of the file. `isPending`: rows of this page may be missing. */
    counting?: {
      found: number;
      through: number;
      isPending: boolean;
    };
  };
  Row: {
    /** @description Its number in the file: the header is row 1. */
    row: number;
    /** @enum {string} */
    status: "valid" | "invalid" | "failed" | "skipped" | "updated";
    issues: Schemas["Issue"][];
    /** @description As they stood in the file, in the order of its columns; kept of invalid rows. */
    cells: string[] | null;
    /** @description By field; of valid rows while the import is ready, and with `by=field` of invalid ones. */
    values: {
      [key: string]: string | null;
    } | null;
    recordId: string | null;
  };
  /** @description The most frequent ones first; a blank is an empty text. */
  RowValuePage: {
    items: Schemas["RowValue"][];
    /** @description `after` of the next page; null: this is the last. */
    next: string | null;
    isCut: boolean;
  };
  RowValue: {
    value: string;
    rows: number;
  };
  Duplicate: {
    row: number;
    /** @description The row of the file that it repeats. */
    twin: number | null;
    /** @description The record that it finds. */
    record: {
      id: string;
      /**
       * @description `hidden`: the importer does not show you its values. `gone`: it is not in the table any more.
       * @enum {string}
       */
      state: "shown" | "hidden" | "gone";
    } | null;
    /** @description Rows of the same record beside the row and its twin. */
    others: number;
    /** @description It changes the record, or what its twin makes; else it is skipped. */
    isUpdate: boolean;
    /**
     * @description What was decided of the row alone. Null: that cannot be, where all duplicates update or are created, the importer's own code loads, or rows make several records.
     * @enum {string|null}
     */
    decision: "update" | "rule" | null;
    fields: Schemas["ComparedField"][];
  };
  /** @description Null: blank, or not to be told, as what becomes of a hidden record, or of one that the importer's own loader writes. A blank gets the column's default in a new record. */
  ComparedField: {
    field: string;
    label: string;
    row: string | null;
    /** @description Of the record, where its values are shown, else of the twin. */
    other: string | null;
    differs: boolean;
    /** @description What is there after the import if the row is not imported. */
    without: string | null;
    /** @description What is there after the import if the row updates. */
    updated: string | null;
  };
  /**
   * @example {
   *       "field": "email",
   *       "value": "anna@example.com"
   *     }
   */
  CellEdit:
    | {
        field: string;
        /** @example anna@example.com */
        value: string;
      }
    | {
        column: string | number;
        /** @example anna@example.com */
        value: string;
      };
  BadValuePage: {
    items: Schemas["BadValue"][];
    /** @description `after` of the next page; null: this is the last. */
    next: string | null;
  };
  BadValue: {
    value: string;
    /** @description Rows that it keeps out. */
    rows: number;
  };
  /** @description Rows that were changed, and what became of them. */
  EditCounts: {
    changed: number;
    leftOut: number;
    nowValid: number;
    nowInvalid: number;
    stillInvalid: number;
  };
  /**
   * @example {
   *       "kind": "replace",
   *       "field": "status",
   *       "from": "Nvx",
   *       "to": "new"
   *     }
   */
  NewEdit:
    | {
        /** @enum {string} */
        kind: "cells";
        fields: string[];
        rows: {
          row: number;
          values: (string | null)[];
        }[];
      }
    | {
        /** @enum {string} */
        kind: "replace";
        field: string;
        from: string;
        to: string;
      }
    | {
        /** @enum {string} */
        kind: "find";
        field?: string;
        find: string;
        replace: string;
        wholeCell?: boolean;
        caseSensitive?: boolean;
        within?: Schemas["RowView"];
      }
    | {
        /** @enum {string} */
        kind: "revalidate";
      }
    | {
        /** @enum {string} */
        kind: "take_in";
      }
    | {
        /** @enum {string} */
        kind: "repair";
        field: string;
        issue: Schemas["IssueCode"];
        repair: Schemas["RepairKind"];
      }
    | {
        /** @enum {string} */
        kind: "leave_out";
        /** @description Numbers of rows. */
        rows?: number[];
        /** @description The first row's number. */
        from?: number;
        /** @description The last row's number. */
        to?: number;
        within?: Schemas["RowView"];
      }
    | {
        /** @enum {string} */
        kind: "put_back";
        /** @description Numbers of rows. */
        rows?: number[];
        /** @description The first row's number. */
        from?: number;
        /** @description The last row's number. */
        to?: number;
        within?: Schemas["RowView"];
      }
    | {
        /** @enum {string} */
        kind: "decide";
        /** @enum {string} */
        decision: "update" | "rule";
        /** @description Numbers of rows. */
        rows?: number[];
        /** @description The first row's number. */
        from?: number;
        /** @description The last row's number. */
        to?: number;
        within?: Schemas["RowView"];
      };
  /** @description Rows of an import: those that meet all that is said. */
  RowView: {
    status?: ("valid" | "invalid" | "failed" | "skipped" | "updated")[];
    issues?: {
      issue: Schemas["IssueCode"];
      field?: string | null;
    }[];
    /** @description A part of any cell, in any case. */
    search?: string;
    /**
     * @description By columns, of fields with one value: in each one of these values. Values are compared by their first 200 characters, and of a rejected row as its cell has them. At most 200 values of 20 columns.
     * @example {
     *       "city": [
     *         "Lyon",
     *         ""
     *       ]
     *     }
     */
    where?: {
      [key: string]: string[];
    };
  };
  /**
   * @description `leading_zeros`: zeros that a spreadsheet dropped are put back. `email`: slips in an address (`a @ b.fr`,
   *     `a@b,com`). `closest_choice`: the one choice that a misspelt word is closest to. `first_value`: of several values in a cell
   *     the first, where each is one of the field's. `row_above`: the value of the nearest row above
   *     that has one. `leave_empty`: the cell is emptied.
   * @enum {string}
   */
  RepairKind: "leading_zeros" | "email" | "closest_choice" | "first_value" | "row_above" | "leave_empty";
  EditPage: {
    items: Schemas["Edit"][];
    /** @description `after` of the next page; null: this is the last. */
    next: string | null;
  };
  Edit: {
    id: number;
    /** @enum {string} */
    kind:
      | "cell"
      | "cells"
      | "replace"
      | "find"
      | "revalidate"
      | "take_in"
      | "repair"
      | "leave_out"
      | "put_back"
      | "decide";
    /** @enum {string} */
    status: "under_way" | "done" | "undoing" | "undone";
    /** Format: date-time */
    at: string;
    actor: string | null;
    row: number | null;
    field: string | null;
    /** @description What was looked for; long texts with their beginning alone. */
    from: string | null;
    /** @description What was put in its place. */
    to: string | null;
    /** @enum {string|null} */
    repair: "leading_zeros" | "email" | "closest_choice" | "first_value" | "row_above" | "leave_empty" | null;
    changed: number;
    leftOut: number;
    nowValid: number;
    nowInvalid: number;
    stillInvalid: number;
  };
  RepairOfferPage: {
    items: Schemas["RepairOffer"][];
    /** @description `after` of the next page; null: this is the last. */
    next: string | null;
  };
  RepairOffer: {
    field: string;
    issue: Schemas["IssueCode"];
    repair: Schemas["RepairKind"];
    /** @description Rows whose cell is right after it; other cells may keep them out. */
    rows: number;
    /** @description At most five, different cells before equal ones. */
    samples: {
      row: number;
      before: string;
      after: string;
    }[];
  };
  Report: {
    id: number;
    status: string;
    rows: number;
    counts: Schemas["Counts"] & unknown;
    /** @description Counted without limit, the most frequent first. */
    issues: Schemas["IssueCount"][];
    /** @description About the file as a whole. */
    findings: Schemas["IssueCount"][];
    /** @description Imports that brought corrected rejects of this one. */
    children: number[];
    errorMessage: string | null;
    next: Schemas["NextStep"] | null;
    /** @description What is worth knowing of an import with which nothing is wrong, in the reader's language: its file has a header and no rows. */
    notice: string | null;
  };
  /** @description It may have few records, or none, and a `next` all the same: where many are gone, or do not fit. */
  RecordPage: {
    items: Schemas["ImportedRecord"][];
    /** @description `after` of the next page; null: this is the last. */
    next: string | null;
    /** @description Which of several records that a row makes. */
    record: string | null;
    columns: {
      name: string;
      label: string;
    }[];
    /** @description How many of those that would have stood here are not in the table any more. */
    gone: number;
  };
  ImportedRecord: {
    id: string;
    /**
     * @description What the import did with it.
     * @enum {string}
     */
    outcome: "created" | "updated";
    /** @description By the names of `columns`. */
    values: {
      [key: string]: string | null;
    };
    /** @description The importer does not show you its values: they are null. */
    hidden: boolean;
  };
  UndoPreview: {
    toDelete: number;
    toRestore: number;
    kept: {
      edited: number;
      editedInPart: number;
      referred: number;
      gone: number;
    };
    /** @description Imports that wrote to these records since: undo those first to keep fewer. Null: other people's, taken together. */
    laterImports: {
      jobId: number | null;
      records: number;
    }[];
    references: {
      table: string;
      columns: string[];
      records: number;
      indexed: boolean;
    }[];
    /** @description By record, where a row makes several: the other numbers are their sums. */
    records?: {
      [key: string]: {
        toDelete: number;
        toRestore: number;
        kept: number;
      };
    };
  };
  UndoReport: {
    deleted: number;
    restored: number;
    kept: {
      edited_since?: number;
      edited_in_part?: number;
      referred_to?: number;
      gone_already?: number;
      refused?: number;
    };
    /** Format: date-time */
    startedAt: string | null;
    /** Format: date-time */
    undoneAt: string | null;
    chunks: number;
    chunksDone: number;
    /** @description By record, where a row makes several: the other numbers are their sums. */
    records?: {
      [key: string]: {
        deleted: number;
        restored: number;
        kept: number;
      };
    };
  };
  KeptPage: {
    items: Schemas["KeptRecord"][];
    /** @description `after` of the next page; null: this is the last. */
    next: string | null;
  };
  KeptRecord: {
    id: number;
    /** @description Which of the importer's records, where a row makes several. */
    record: string | null;
    /** @description Of a record without an id the values of its key, as an array of JSON. */
    recordId: string;
    /** @enum {string} */
    reason: "edited_since" | "edited_in_part" | "referred_to" | "gone_already" | "refused";
    columns: string[] | null;
    /** @description The later import that wrote it, if you may see that one. */
    byJob: number | null;
    byTable: string | null;
    /** @description The database's, or what there is to say beside the reason. */
    message: string | null;
  };
  EventPage: {
    items: Schemas["Event"][];
    /** @description `after` of the next page; null: this is the last. */
    next: string | null;
  };
  /** @description Never carries a cell's value. */
  Event: {
    id: number;
    jobId: number;
    /** @example import.completed */
    name: string;
    /** Format: date-time */
    at: string;
    /** @description The user who asked for it; null: Sluice itself. */
    actor: string | null;
    /** @description What they are called, where Sluice keeps the users. Not in the stream. */
    actorName?: string | null;
    data: {
      [key: string]: unknown;
    };
  };
  TemplatePage: {
    items: (Schemas["Template"] & unknown)[];
    /** @description `after` of the next page; null: this is the last. */
    next: string | null;
  };
  /**
   * @example {
   *       "importId": 42
   *     }
   */
  NewTemplate: {
    importId: number;
    /** @example Trade fair */
    name?: string;
  };
  /**
   * @example {
   *       "name": "Trade fair"
   *     }
   */
  TemplateName: {
    /** @example Trade fair */
    name: string | null;
  };
  /**
   * @example {
   *       "templateId": 7
   *     }
   */
  UsedTemplate: {
    templateId: number;
  };
  MailSettings: {
    /** @description Whether this server sends mails at all. */
    isSent: boolean;
    /** @description Where they go: as your sign-in says, or your account. Null: nobody has said, so none are sent. */
    address: string | null;
    isOff: boolean;
    /** @description Smaller imports send no mail, unless they need you; null: as the server has it. */
    fromRows: number | null;
    /** @description The server's; null: it sends none. */
    usualFromRows: number | null;
    /**
     * @description Null: the language in which the import was made.
     * @enum {string|null}
     */
    language: "en" | "fr" | "sv" | null;
  };
  /**
   * @example {
   *       "isOff": true
   *     }
   */
  MailSettingsChange: {
    isOff?: boolean;
    fromRows?: number | null;
    /** @enum {string|null} */
    language?: "en" | "fr" | "sv" | null;
  };
  /**
   * @example {
   *       "success": true,
   *       "message": "Import 42: 119 of 120 rows are in.",
   *       "data": {
   *         "totalRows": 120,
   *         "successCount": 119,
   *         "errorCount": 1,
   *         "errors": [
   *           {
   *             "row": 7,
   *             "field": "email",
   *             "code": "email_invalid",
   *             "message": "E-mail is not an e-mail address."
   *           }
   *         ]
   *       }
   *     }
   */
  ImportedFile: {
    /** @enum {boolean} */
    success: true;
    /** @description In the reader's language. */
    message: string;
    data: Schemas["ImportResults"] & {
      /** @description At most 1000; the import's report has all. */
      errors: Schemas["RowError"][];
      /** @description Columns whose field is a guess that was taken. Left out where there are none. */
      warnings?: {
        code: string;
        column: string;
        field: string;
        message: string;
      }[];
    };
  };
  RowError: {
    /** @description Its number in the file; the header is row 1. */
    row: number;
    /** @description Null: the row as a whole is meant. */
    field: string | null;
    code: Schemas["IssueCode"];
    /** @description In the reader's language. */
    message: string;
  };
  ImportResults: {
    totalRows: number;
    /** @description Rows that are in the tables as the file says: created, updated, or there already. */
    successCount: number;
    /** @description The others: invalid, failed or skipped. */
    errorCount: number;
  };
  /**
   * @example {
   *       "success": true,
   *       "message": "products.xlsx was accepted as import 42.",
   *       "data": {
   *         "jobId": "42",
   *         "statusUrl": "/api/v1/import/status/42"
   *       }
   *     }
   */
  AcceptedImport: {
    /** @enum {boolean} */
    success: true;
    /** @description In the reader's language. */
    message: string;
    data: {
      jobId: string;
      statusUrl: string;
      /** @description Columns whose field is a guess that was taken. Left out where there are none. */
      warnings?: {
        code: string;
        column: string;
        field: string;
        message: string;
      }[];
    };
  };
  /**
   * @description Nothing was imported, and no import was made.
   * @example {
   *       "success": false,
   *       "message": "No column feeds “Code”. The file's columns are: Name, Phone.",
   *       "errors": [
   *         {
   *           "code": "header_missing",
   *           "message": "No column feeds “Code”. The file's columns are: Name, Phone.",
   *           "expected": [
   *             "Code",
   *             "Dealer code"
   *           ],
   *           "found": [
   *             "Name",
   *             "Phone"
   *           ]
   *         }
   *       ]
   *     }
   */
  Refused: {
    /** @enum {boolean} */
    success: false;
    /** @description In the reader's language. */
    message: string;
    errors: Schemas["Refusal"][];
  };
  Refusal: {
    /** @enum {string} */
    code:
      | "file_missing"
      | "form_malformed"
      | "file_too_large"
      | "file_unreadable"
      | "header_missing"
      | "column_doubtful"
      | "option_unknown"
      | "option_invalid"
      | "rows_too_many"
      | "body_malformed"
      | "field_missing"
      | "field_unknown"
      | "field_invalid";
    message: string;
    expected: string | number | string[] | null;
    found: string | number | string[] | null;
  };
  StoppedImport: {
    /** @enum {boolean} */
    success: false;
    /** @description Why it stands still, in the reader's language. */
    message: string;
    data: {
      jobId: string;
      statusUrl: string;
    };
  };
  /**
   * @example {
   *       "success": true,
   *       "data": {
   *         "jobId": "42",
   *         "status": "processing",
   *         "progress": {
   *           "current": 350000,
   *           "total": 700000,
   *           "percentage": 75
   *         },
   *         "startedAt": "2026-01-31T13:30:04.000Z",
   *         "completedAt": null,
   *         "results": null,
   *         "error": null,
   *         "links": {
   *           "import": "/api/v1/imports/42",
   *           "rejectedRows": null,
   *           "importedRows": null
   *         }
   *       }
   *     }
   */
  ImportStatus: {
    /** @enum {boolean} */
    success: true;
    data: {
      jobId: string;
      /**
       * @description pending: it waits for a worker, or for a person. failed: it stands still; `error` says why, and whoever may resume it, can.
       * @enum {string}
       */
      status: "pending" | "processing" | "completed" | "failed";
      progress: {
        /** @description Rows read; then rows written. */
        current: number;
        /** @description Null until the file is read to its end. */
        total: number | null;
        /** @description 0 to 100 over reading and writing together. */
        percentage: number;
      };
      /** Format: date-time */
      startedAt: string | null;
      /** Format: date-time */
      completedAt: string | null;
      /** @description Once it is completed. */
      results: Schemas["ImportResults"] | null;
      /** @description Why it stands still, in the reader's language. */
      error: string | null;
      /** @description Where more is told of it; once it is completed, its rows as CSV files. */
      links: {
        import: string;
        rejectedRows: string | null;
        importedRows: string | null;
      };
    };
  };
  QueueState: {
    imports: {
      /** @description Queued: they wait for a worker, or to be tried again. */
      waiting: number;
      running: number;
      paused: number;
      failed: number;
    };
    /** @description Of the import that waits longest; 0 when none does. */
    oldestWaitingSeconds: number;
    /** @description Of all imports under way. */
    rowsPerSecond: number;
    /** @description Wake-ups in the queue; null where it does not tell, and for an admin of one tenant. */
    deliveries: {
      waiting: number;
      active: number;
      /** @description Failed for good: put in again by the next worker that starts, or by POST /queue/redrive. */
      dead: number;
    } | null;
    /** @description What is told of imports; null for an admin of one tenant. */
    sinks:
      | {
          name: string;
          topics: string[];
          /** @description Whose records it is told of, by its `afterCommit`; null: of all imports. */
          importer: string | null;
          /**
           * @description `retrying`: the last try failed, another comes by itself. `stopped`: it takes nothing in before somebody has seen to it and asks for a retry.
           * @enum {string}
           */
          state: "working" | "retrying" | "stopped";
          /** @description Messages that are not delivered yet. */
          waiting: number;
          /** @description Messages given up after ten attempts, kept for a month. Of an importer's sink: records that it refused, kept until they are put in again. */
          dead: number;
          /** @description Of the message that waits longest; 0 when none does. */
          oldestSeconds: number;
          /** @description Why the last delivery failed that is not made up for. */
          error: string | null;
          /** @description The index that is being made beside the one in use. */
          rebuild: {
            /** @enum {string} */
            phase: "making" | "loading" | "replaying" | "swapping" | "dropping" | "cancelling";
            loaded: number;
            /** @description Records in the table when it began, about. */
            total: number | null;
            /** Format: date-time */
            startedAt: string;
          } | null;
        }[]
      | null;
    workers: {
      id: string;
      host: string;
      processId: number;
      /** Format: date-time */
      startedAt: string;
      /** Format: date-time */
      heartbeatAt: string;
      isAlive: boolean;
      imports: {
        id: number;
        fileName: string;
        /** @enum {string} */
        status:
          | "pending"
          | "queued"
          | "parsing"
          | "ready"
          | "committing"
          | "completed"
          | "undoing"
          | "undone"
          | "paused"
          | "cancelled"
          | "failed";
        progress: Schemas["Progress"];
      }[];
    }[];
  };
  Redriven: {
    deliveries: number;
  };
  RefusedRecord: {
    /** @description The record's id. */
    record: string;
    /** @description As the sink says it. */
    reason: string;
    /** @description Whose change it was; null: a rebuild sent it. */
    importId: number | null;
    /** Format: date-time */
    at: string;
  };
  SinkRebuild: {
    /** @enum {string} */
    phase: "making" | "loading" | "replaying" | "swapping" | "dropping" | "cancelling";
    loaded: number;
    /** @description Records in the table when it began, about. */
    total: number | null;
    /** Format: date-time */
    startedAt: string;
  };
  SourcePage: {
    items: Schemas["Source"][];
    /** @description `after` of the next page; null: this is the last. */
    next: string | null;
  };
  /** @description A place that files are fetched from. */
  Source: {
    id: number;
    name: string;
    /**
     * @description A config's are changed by it alone.
     * @enum {string}
     */
    origin: "config" | "api";
    importer: string;
    context: {
      [key: string]: string;
    };
    /** @description Without its secrets; of a config's, its kind alone unless you run the server. */
    place: {
      /** @enum {string} */
      kind: "url" | "s3" | "sftp" | "ftp" | "folder";
    } & {
      [key: string]: unknown;
    };
    hasSecrets: boolean;
    files: string[];
    schedule: string | null;
    timeZone: string;
    done:
      | ("keep" | "delete")
      | {
          moveTo: string;
        };
    settleSeconds: number;
    parallel: boolean;
    /** @enum {string} */
    sameContent: "skip" | "import";
    mapping: {
      columns: Schemas["GivenColumn"][];
      fields: Schemas["GivenField"][];
    };
    acceptDoubts: boolean;
    options: {
      [key: string]: unknown;
    };
    /**
     * @description `stopped`: `error` says why, and it waits for a person.
     * @enum {string}
     */
    state: "working" | "paused" | "stopped";
    /** Format: date-time */
    nextRunAt: string | null;
    /**
     * Format: date-time
     * @description When it is looked at beside its schedule.
     */
    lookAt: string | null;
    /** Format: date-time */
    lookedAt: string | null;
    /** @description In the reader's language. */
    error: string | null;
    /** @description The import that was made last and is not over: the next file waits for it. */
    waitsFor: number | null;
    /** @description Its files by their states. */
    counts: {
      new: number;
      ready: number;
      made: number;
      imported: number;
      same: number;
      empty: number;
      failed: number;
    };
    createdBy: string | null;
    createdByName: string | null;
    /** Format: date-time */
    createdAt: string;
    /** Format: date-time */
    updatedAt: string;
  };
  /**
   * @example {
   *       "name": "night-orders",
   *       "importer": "leads",
   *       "place": {
   *         "kind": "folder",
   *         "path": "/srv/incoming"
   *       },
   *       "files": [
   *         "*.csv"
   *       ],
   *       "schedule": "0 6 * * *",
   *       "timeZone": "Europe/Paris"
   *     }
   */
  NewSource: {
    name: string;
    importer: string;
    /** @description Only what you may choose. It stays as it is. */
    context?: {
      [key: string]: string;
    };
    place: Schemas["SourcePlace"];
    /** @description A remembered mapping whose mapping and options it has, as they are now. */
    templateId?: number;
    /**
     * @description Patterns of names; a file fits one of them. Default: all.
     * @example [
     *       "*.csv"
     *     ]
     */
    files?: string[];
    /**
     * @description Five fields of cron, or @daily and its like; null: when asked.
     * @example 0 6 * * 1-5
     */
    schedule?: string | null;
    /**
     * @description Of the schedule. Default: UTC.
     * @example Europe/Paris
     */
    timeZone?: string;
    /** @description What becomes of a file once its import is completed: it stays (default), goes, or moves. */
    done?:
      | ("keep" | "delete")
      | {
          moveTo: string;
        };
    /** @description A file is taken when it is as it was this long before. Default: 30. */
    settleSeconds?: number;
    /** @description Files are imported at the same time. Default: one after the other, the oldest first. */
    parallel?: boolean;
    /**
     * @description A file of another name with bytes that were imported before. Default: skipped.
     * @enum {string}
     */
    sameContent?: "skip" | "import";
    mapping?: Schemas["MappingInput"] & unknown;
    /** @description Take doubtful columns as suggested, instead of waiting. */
    acceptDoubts?: boolean;
    options?: Schemas["SourceOptions"];
  };
  /** @description Where the files are. Its secrets are kept encrypted, and never shown again. */
  SourcePlace:
    | {
        /** @enum {string} */
        kind: "url";
        /** @example https://example.com/export/products.csv */
        url: string;
        /** @description Sent with each request, but not to another origin that it redirects to. Secret. */
        headers?: {
          [key: string]: string;
        };
      }
    | {
        /** @enum {string} */
        kind: "s3";
        bucket: string;
        prefix?: string;
        region?: string;
        /** @description Of a store that is not AWS. */
        endpoint?: string;
        accessKeyId?: string;
        secretAccessKey?: string;
        sessionToken?: string;
      }
    | {
        /** @enum {string} */
        kind: "sftp";
        host: string;
        port?: number;
        user: string;
        password?: string;
        privateKey?: string;
        passphrase?: string;
        /**
         * @description Of the host's key, as `ssh-keygen -lf` prints it. Several: any of them.
         * @example SHA256:ohD8VZEXGWo6Ez8GSEJQ9WpafgLFsOfLOtGGQCQo6Og
         */
        hostFingerprint: string | string[];
        folder?: string;
      }
    | {
        /** @enum {string} */
        kind: "ftp";
        host: string;
        port?: number;
        /**
         * @description Default: explicit.
         * @enum {string}
         */
        tls?: "explicit" | "implicit" | "none";
        /** @description SHA-256 of the host's certificate in hex, where no authority vouches for it. */
        hostFingerprint?: string;
        user?: string;
        password?: string;
        folder?: string;
      }
    | {
        /** @enum {string} */
        kind: "folder";
        path: string;
      };
  /** @description Of its imports. `autoCommit` is true unless it is said. */
  SourceOptions: {
    dialect?: Schemas["DialectHints"];
    duplicates?: Schemas["Duplicates"];
    merge?: Schemas["MergeRules"] & unknown;
    assignment?: Schemas["Assignment"];
    /** @enum {string} */
    language?: "en" | "fr" | "sv";
    /**
     * @description What is done with what is there: rows are matched and duplicates treated as said, records are only updated, rows are only added, everything is replaced by the file, or what the file does not name is removed.
     * @enum {string}
     */
    mode?: "append" | "upsert" | "update_only" | "replace" | "mirror";
    /** @description How many records a replace or a mirror may remove, where that is more than the importer allows without asking. */
    confirmRemovals?: number;
    /**
     * @description Which rows of the file count that are the same record: all of them, one after the other, or only the first or the last, where duplicates update and one key recognises them.
     * @enum {string}
     */
    repeats?: "all" | "first" | "last";
    /** @description Go on to the commit without a review. */
    autoCommit?: boolean;
  };
  SourceKinds: {
    /** @description Without `SLUICE_SOURCE_FOLDERS` there is no `folder`, without `SLUICE_SECRETS_KEY` neither `sftp` nor `s3`. */
    kinds: ("url" | "s3" | "sftp" | "ftp" | "folder")[];
    /** @description Whether passwords, keys and headers can be kept. */
    secrets: boolean;
    /** @description Where folders must be; null: told to whoever runs the server alone. */
    folders: string[] | null;
  };
  /**
   * @example {
   *       "schedule": "@daily"
   *     }
   */
  SourceChanges: {
    place?: Schemas["SourcePlace"] & unknown;
    /**
     * @description Patterns of names; a file fits one of them. Default: all.
     * @example [
     *       "*.csv"
     *     ]
     */
    files?: string[];
    /**
     * @description Five fields of cron, or @daily and its like; null: when asked.
     * @example 0 6 * * 1-5
     */
    schedule?: string | null;
    /**
     * @description Of the schedule. Default: UTC.
     * @example Europe/Paris
     */
    timeZone?: string;
    /** @description What becomes of a file once its import is completed: it stays (default), goes, or moves. */
    done?:
      | ("keep" | "delete")
      | {
          moveTo: string;
        };
    /** @description A file is taken when it is as it was this long before. Default: 30. */
    settleSeconds?: number;
    /** @description Files are imported at the same time. Default: one after the other, the oldest first. */
    parallel?: boolean;
    /**
     * @description A file of another name with bytes that were imported before. Default: skipped.
     * @enum {string}
     */
    sameContent?: "skip" | "import";
    mapping?: Schemas["MappingInput"] & unknown;
    /** @description Take doubtful columns as suggested, instead of waiting. */
    acceptDoubts?: boolean;
    options?: Schemas["SourceOptions"];
  };
  SourceFilePage: {
    items: Schemas["SourceFile"][];
    /** @description `after` of the next page; null: this is the last. */
    next: string | null;
  };
  SourceFile: {
    id: number;
    name: string;
    sizeBytes: number | null;
    /** Format: date-time */
    modifiedAt: string | null;
    /**
     * @description `new`: seen once, or still changing; `ready`, `made`: on its way; `imported`: has an import; `same`: its bytes were imported before; `empty`; `failed`: waits for a person, or for another version.
     * @enum {string}
     */
    state: "new" | "ready" | "made" | "imported" | "same" | "empty" | "failed";
    importId: number | null;
    /** @enum {string|null} */
    importStatus:
      | "pending"
      | "queued"
      | "parsing"
      | "ready"
      | "committing"
      | "completed"
      | "undoing"
      | "undone"
      | "paused"
      | "cancelled"
      | "failed"
      | null;
    error: string | null;
    /** Format: date-time */
    firstSeenAt: string;
    /**
     * Format: date-time
     * @description When it was moved or deleted at its place.
     */
    awayAt: string | null;
  };
}
