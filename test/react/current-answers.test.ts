import { QueryObserver } from "@tanstack/react-query";
import { expect, it, onTestFinished } from "vitest";
import { CurrentAnswers } from "../../src/react/foundation/current-answers.ts";

/** A reader of one answer, each of which the test gives. */
function readAnswer() {
  const queries = new CurrentAnswers();
  const asked: ((answer: string) => void)[] = [];
  const reader = new QueryObserver(queries, {
    queryKey: ["import", 1, "analysis"],
    queryFn: () => new Promise<string>((answer) => asked.push(answer)),
  });
  onTestFinished(reader.subscribe(() => {}));
  return { queries, reader, asked };
}

it("asks anew what was asked for the first time before a change, and shows the first answer meanwhile", async () => {
  const { queries, reader, asked } = readAnswer();
  expect(asked).toHaveLength(1);
  const changed = queries.invalidateQueries({ queryKey: ["import", 1] });
  asked[0]("before");
  await expect.poll(() => asked.length).toBe(2);
  expect(reader.getCurrentResult().data).toBe("before");
  asked[1]("after");
  await changed;
  expect(reader.getCurrentResult().data).toBe("after");
  expect(asked).toHaveLength(2);
});

it("gives a first answer also where changes come faster than answers", async () => {
  const { queries, reader, asked } = readAnswer();
  const changes = [1, 2, 3].map(() => queries.invalidateQueries());
  expect(asked).toHaveLength(1);
  asked[0]("first");
  await expect.poll(() => reader.getCurrentResult().data).toBe("first");
  await expect.poll(() => asked.length).toBeGreaterThan(1);
  for (const answer of asked) answer("last");
  await Promise.all(changes);
  expect(reader.getCurrentResult().data).toBe("last");
});

it("leaves what another key says as it is", async () => {
  const { queries, reader, asked } = readAnswer();
  const changed = queries.invalidateQueries({ queryKey: ["import", 2] });
  asked[0]("only");
  await changed;
  expect(reader.getCurrentResult().data).toBe("only");
  expect(asked).toHaveLength(1);
});
