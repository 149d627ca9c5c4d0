// A request → the server-sent events of its response, over fetch.

/** An error with a message for the user, and the status that the server returned, if it did. */
export class Problem extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

/**
 * Send a request and yield the events of the response in order, each `{name, data}`.
 *
 * @throws {Problem} when the server cannot be reached, returns an error, or the connection is lost.
 */
export async function* streamEvents(address, request) {
  const response = await withProblem(fetch(address, request), "The server cannot be reached.");
  if (!response.ok) throw new Problem(await readDetail(response), response.status);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = "";
  for (;;) {
    const { value, done } = await withProblem(reader.read(), "The connection was lost.");
    if (done) return;
    const blocks = (buffer + value).split("\n\n");
    buffer = blocks.pop();
    for (const block of blocks) {
      if (!block.startsWith("event: ")) continue; // a comment, sent to keep the connection open
      const [name, data] = block.split("\n");
      yield { name: name.slice("event: ".length), data: JSON.parse(data.slice("data: ".length)) };
    }
  }
}

/** The result of a promise; a failed connection becomes a problem, a cancelled request does not. */
async function withProblem(promise, message) {
  try {
    return await promise;
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem(`${message} Check that the server is running and try again.`);
  }
}

async function readDetail(response) {
  try {
    return (await response.json()).detail;
  } catch {
    return `The server returned an error (${response.status}). Try again in a minute.`;
  }
}
