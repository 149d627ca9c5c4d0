// Server-sent events over fetch: a request in, its events out in their order, each with a name and what it says.
// Knows nothing of the page.

/** What the service says went wrong, in words for whoever sent the request. */
export class Problem extends Error {}

/**
 * Send a request and read its answer event by event.
 *
 * @throws {Problem} when the service refuses, cannot be reached, or breaks off.
 */
export async function* events(address, request) {
  const response = await reached(fetch(address, request));
  if (!response.ok) throw new Problem(await detail(response));
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let waiting = "";
  for (;;) {
    const { value, done } = await reached(reader.read());
    if (done) return;
    const blocks = (waiting + value).split("\n\n");
    waiting = blocks.pop();
    for (const block of blocks) {
      if (!block.startsWith("event: ")) continue; // a comment, sent to keep the connection open
      const [name, data] = block.split("\n");
      yield { name: name.slice("event: ".length), said: JSON.parse(data.slice("data: ".length)) };
    }
  }
}

async function reached(promise) {
  try {
    return await promise;
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem("The service cannot be reached. See whether it still runs, and send the article again.");
  }
}

async function detail(response) {
  try {
    return (await response.json()).detail;
  } catch {
    return `The service answered ${response.status} and did not say why. Send the article again in a minute.`;
  }
}
