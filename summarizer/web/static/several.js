// Several files: a list with the state of each. A summary opens on click, and all of them can be downloaded.

import { downloadFile, formatMarkdown } from "./save.js";

const TRIES = 3; // of a file while the server is busy
const MAX_WAIT = 60; // seconds before it is asked again

/** The list of the files that were sent last. */
export class SeveralFiles {
  #section;
  #list;
  #state;
  #ask;
  #open;
  #summaries = []; // one for each file; null until it is done
  #running = null; // an AbortController

  /**
   * @param {Element} section - has a list, a state, and buttons to stop and to download.
   * @param {(file: File, signal: AbortSignal) => Promise<object>} ask - resolves to the summary of a file.
   * @param {(summary: object) => void} open - shows a summary.
   */
  constructor(section, ask, open) {
    this.#section = section;
    this.#list = section.querySelector("ol");
    this.#state = section.querySelector("[role=status]");
    this.#ask = ask;
    this.#open = open;
    section.querySelector("[data-stop]").addEventListener("click", () => this.#running?.abort());
    for (const button of section.querySelectorAll("[data-download-all]")) {
      button.addEventListener("click", () => this.#download(button.dataset.downloadAll));
    }
  }

  /** Summarize files, one after the other, in place of those of the list. */
  async summarize(files) {
    this.#running?.abort();
    const controller = (this.#running = new AbortController());
    const items = [...files].map((file) => this.#createItem(file.name));
    this.#summaries = items.map(() => null);
    this.#list.replaceChildren(...items.map(({ item }) => item));
    this.#section.hidden = false;
    this.#section.scrollIntoView({ block: "nearest" });
    this.#showState(items.length);
    for (const [index, file] of [...files].entries()) {
      const { button, state } = items[index];
      state.textContent = "Summarizing…";
      try {
        const summary = await this.#askPatiently(file, state, controller.signal);
        if (controller !== this.#running) return;
        this.#summaries[index] = summary;
        button.disabled = false;
        button.addEventListener("click", () => this.#open(summary));
        state.textContent = "Done";
        if (summary.title) [button.textContent, state.textContent] = [summary.title, file.name];
      } catch (error) {
        if (controller !== this.#running) return;
        state.textContent = error.name === "AbortError" ? "Stopped" : error.message;
        if (controller.signal.aborted) {
          for (const { state: later } of items.slice(index + 1)) later.textContent = "Stopped";
          break;
        }
      }
      this.#showState(items.length - index - 1);
    }
    this.#running = null;
    this.#showState(0);
  }

  /** Ask for a summary, again after a while if the server is busy. */
  async #askPatiently(file, state, signal) {
    for (let tries = 1; ; tries++) {
      try {
        return await this.#ask(file, signal);
      } catch (error) {
        if (!error.retryAfter || tries === TRIES) throw error;
        state.textContent = "The server is busy; waiting…";
        await sleep(1000 * Math.min(error.retryAfter, MAX_WAIT), signal);
      }
    }
  }

  #createItem(name) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "quiet", textContent: name });
    button.disabled = true;
    const state = Object.assign(document.createElement("span"), { className: "explanation", textContent: "Waiting" });
    const item = document.createElement("li");
    item.append(button, " ", state);
    return { item, button, state };
  }

  #showState(left) {
    const done = this.#summaries.filter(Boolean).length;
    this.#state.textContent = left ? `${done} done, ${left} to go.` : `${done} of ${this.#summaries.length} summarized.`;
    const stop = this.#section.querySelector("[data-stop]");
    if (!left && document.activeElement === stop) this.#list.querySelector("button")?.focus();
    stop.hidden = !left;
    for (const button of this.#section.querySelectorAll("[data-download-all]")) button.hidden = !done;
  }

  #download(kind) {
    const summaries = this.#summaries.filter(Boolean);
    if (kind === "json") downloadFile(JSON.stringify(summaries, null, 2), "summaries", "json", "application/json");
    else downloadFile(summaries.map(formatMarkdown).join("\n"), "summaries", "md", "text/markdown");
  }
}

/** Wait for milliseconds, or until a signal is aborted. */
function sleep(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}
