// Acts on their way to the server, and files on their way back.

/** Nobody has answered: nobody knows whether it was done. */
export class Unsent extends Error {}

/** Sends a body as JSON, by POST unless another method is named; throws the server's words when it refuses, and `Unsent` when nobody answers. */
export async function send(url, body, key, method = "POST") {
  const headers = { "content-type": "application/json" };
  if (key) headers["idempotency-key"] = key;
  const asked = fetch(url, { method, headers, body: JSON.stringify(body) });
  const answer = await asked.catch(() => {
    throw new Unsent(document.body.dataset.unsent);
  });
  if (answer.ok) return answer;
  const problem = await answer.json().catch(() => ({}));
  throw new Error(problem.detail ?? problem.title ?? `${answer.status} ${answer.statusText}`);
}

/** Hands an answer to the reader as a file. */
export async function save(answer, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await answer.blob());
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
