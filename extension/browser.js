// What the parts of the extension share: the browser's interface, the user's options, and the tab to summarize.

export const browser = globalThis.browser ?? globalThis.chrome;

const DEFAULTS = { address: "http://127.0.0.1:8000", key: "", method: "" };

/** The user's options: the service's address, the API key (or ""), and the method (or "" for the service's own). */
export async function readOptions() {
  return { ...DEFAULTS, ...(await browser.storage.local.get(Object.keys(DEFAULTS))) };
}

export async function saveOptions(options) {
  await browser.storage.local.set(options);
}

/** Ask the side panel to summarize a tab. */
export async function requestSummary(tabId) {
  await browser.storage.session.set({ requested: { tabId, at: Date.now() } });
}

/** Call a function with the tab that was last asked for, now and whenever another one is. */
export async function onRequest(summarize) {
  browser.storage.session.onChanged.addListener(({ requested }) => {
    if (requested?.newValue) summarize(requested.newValue.tabId);
  });
  const { requested } = await browser.storage.session.get("requested");
  if (requested) summarize(requested.tabId);
}
