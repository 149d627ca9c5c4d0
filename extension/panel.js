// The side panel: sends the page or the selection to the user's service, and shows the summary.

import { browser, onRequest, readOptions } from "./browser.js";
import { readPage, showPassages } from "./page.js";

const MIN_WORDS = 60; // a shorter selection is no article, so the page is sent
const $ = (id) => document.getElementById(id);
let running = null; // the AbortController of the request in progress
let shown = null; // the tab and its summary

/** An error that is shown to the user as it is. */
class Problem extends Error {}

async function summarize(tabId) {
  running?.abort();
  const controller = (running = new AbortController());
  show({ state: "Reading the page…" });
  try {
    const options = await readOptions();
    const page = await run(tabId, readPage);
    show({ state: "Summarizing…" });
    const summary = await ask(options, page, controller.signal);
    if (controller !== running) return;
    shown = { tabId, summary };
    showSummary(summary);
  } catch (error) {
    if (controller !== running) return; // another request has replaced this one
    shown = { tabId };
    show({ problem: error instanceof Problem ? error.message : `Something went wrong: ${error.message}` });
  }
}

/** The result of a function in a tab. */
async function run(tabId, func, ...args) {
  try {
    const [{ result }] = await browser.scripting.executeScript({ target: { tabId }, func, args });
    return result;
  } catch {
    throw new Problem("The browser does not let extensions read this page. Press the button on an ordinary web page.");
  }
}

async function ask({ address, key, method }, { selection, html }, signal) {
  const body = new FormData();
  if (countWords(selection) >= MIN_WORDS) body.set("text", selection);
  else body.set("file", new File([html], "page.html", { type: "text/html;charset=utf-8" }));
  if (method) body.set("method", method);
  const headers = { Accept: "application/json", ...(key && { Authorization: `Bearer ${key}` }) };
  let response;
  try {
    response = await fetch(new URL("/summarize", address), { method: "POST", body, headers, signal });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem(`The service at ${address} does not answer. Start it, or set its address under Options.`);
  }
  const answer = await response.json().catch(() => null);
  if (!response.ok) throw new Problem(answer?.detail ?? `The service at ${address} answered with status ${response.status}.`);
  if (!answer?.sentences) throw new Problem(`There is no Article Summarizer at ${address}. Set its address under Options.`);
  return answer;
}

/** The number of words in a text, also of languages that put no spaces between them. */
function countWords(text) {
  const segments = new Intl.Segmenter(undefined, { granularity: "word" }).segment(text);
  return [...segments].filter(({ isWordLike }) => isWordLike).length;
}

function show({ state = "", problem = "", hasSummary = false }) {
  $("state").textContent = state;
  $("problem").textContent = problem;
  $("problem").hidden = !problem;
  $("summary").hidden = $("copy").hidden = !hasSummary;
  $("again").hidden = !hasSummary && !problem;
}

function showSummary(summary) {
  const { short = [], long = [] } = summary.sentences;
  const texts = new Set(short.map(({ text }) => text));
  $("title").textContent = summary.title ?? "Summary";
  $("summary").lang = summary.language ?? "";
  const characters = [...summary.article]; // spans count Unicode characters, not UTF-16 code units
  const links = (sentences) => sentences.flatMap((sentence) => [createSentence(sentence, characters), " "]);
  $("short").replaceChildren(...links(short));
  $("long").replaceChildren(...links(long.filter(({ text }) => !texts.has(text))));
  $("notes").replaceChildren(...summary.notes.map((note) => Object.assign(document.createElement("li"), { textContent: note })));
  show({ hasSummary: true });
}

function createSentence({ text, evidence }, characters) {
  const link = Object.assign(document.createElement("a"), { href: "#", className: "sentence", textContent: text });
  link.setAttribute("role", "button");
  link.setAttribute("aria-pressed", "false");
  link.addEventListener("keydown", (event) => {
    if (event.key !== " ") return;
    event.preventDefault();
    link.click();
  });
  const passages = evidence.map(({ start, end }) => characters.slice(start, end).join(""));
  link.addEventListener("click", async (event) => {
    event.preventDefault();
    const isFound = await run(shown.tabId, showPassages, passages).catch(() => false);
    $("state").textContent = isFound ? "" : "The page no longer has this passage.";
    for (const other of document.querySelectorAll(".sentence")) other.setAttribute("aria-pressed", String(other === link));
  });
  return link;
}

$("again").addEventListener("click", () => summarize(shown.tabId));
$("options").addEventListener("click", () => browser.runtime.openOptionsPage());
$("copy").addEventListener("click", async () => {
  const parts = [$("short"), $("long")].map((part) => part.textContent.trim());
  try {
    await navigator.clipboard.writeText(parts.filter(Boolean).join("\n\n"));
    $("state").textContent = "Copied.";
  } catch {
    $("state").textContent = "The browser blocked copying. Select the text and copy it.";
  }
});

// The panel can also be opened as a page of its own, with the tab in its address.
const tab = new URLSearchParams(location.search).get("tab");
if (tab) summarize(Number(tab));
else onRequest(summarize);
