/** What those who run the server hear of by themselves: what was given up, and what no longer gets anywhere. */

export const alertKinds = ["dead_letters", "stuck_sink", "webhook_off"] as const;
/** `webhook_off`: its address answered 410. */
export type AlertKind = (typeof alertKinds)[number];

/** Something that is wrong as long as it is listed. */
export interface Trouble {
  kind: AlertKind;
  /** A sink, `queue`, or a webhook. */
  name: string;
  /** How many messages or deliveries that is; more are told again. */
  count: number;
  /** As the sink says it. */
  reason: string | null;
}

/** The data of an `operator.alert`. */
export interface Alert extends Trouble {
  /** Of them, those that were not told yet. */
  fresh: number;
}

export interface Alerts {
  /**
   * What is wrong now, and nothing else is. What is new is written to the sinks that want it, once whoever notes it; what is over may be told
   * again.
   */
  note(troubles: readonly Trouble[]): Promise<void>;
  /** Webhooks that were turned off because their address is gone, and those of which deliveries were given up. */
  ofWebhooks(): Promise<Trouble[]>;
}

/** The names of what Sluice itself tells operators by: of their own failures nobody is told by them. */
export const operatorSinks = ["sluice-operator-mail", "sluice-operator-webhook"] as const;
