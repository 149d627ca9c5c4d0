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

/** Ask the side panel of a tab's window to summarize the tab. */
export async function requestSummary({ id, windowId }) {
  await browser.storage.session.set({ [nameOf(windowId)]: { tabId: id } });
}

/** Call a function with each tab of this window that is asked for, once. */
export async function onRequest(summarize) {
  const name = nameOf((await browser.windows.getCurrent()).id);
  const take = async (request) => {
    if (!request) return;
    await browser.storage.session.remove(name);
    summarize(request.tabId);
  };
  browser.storage.session.onChanged.addListener((changes) => take(changes[name]?.newValue));
  take((await browser.storage.session.get(name))[name]);
}

function nameOf(windowId) {
  return `requested-${windowId}`;
}
