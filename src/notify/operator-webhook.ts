/** The address at which those who run the server hear of what went wrong: a Standard Webhook whose `text` chat programs show. */
import { MessageRefused, type Sink, type SinkMessage, type Topic } from "../core/sink.ts";
import { verdictOn, type WebhookSender } from "../core/webhook.ts";

export interface OperatorWebhookOptions {
  name: string;
  topics: readonly Topic[];
  url: string;
  /** `whsec_…`; null: requests are not signed. */
  secret: string | null;
  sender: WebhookSender;
  /** What happened, in a few lines. */
  textOf(message: SinkMessage): Promise<string>;
}

export function operatorWebhook({ name, topics, url, secret, sender, textOf }: OperatorWebhookOptions): Sink {
  return {
    name,
    topics,
    mostMessages: 1,
    async deliver([message], { signal }) {
      const { key, topic, at, importId, importer, fileName, context, user, data } = message;
      const facts = topic === "operator.alert" ? data : { importId, importer, fileName, context, user };
      const body = JSON.stringify({
        type: topic,
        timestamp: at.toISOString(),
        text: await textOf(message),
        data: facts,
      });
      const answer = await sender.send({ url, id: key, body, secrets: secret === null ? [] : [secret] }, signal);
      const verdict = verdictOn(answer);
      if (verdict === "delivered") return;
      const reason = answer.error ?? `the receiver answered ${answer.status}`;
      throw verdict === "gone" ? new MessageRefused(reason) : new Error(reason);
    },
  };
}
