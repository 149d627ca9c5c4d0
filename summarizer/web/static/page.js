// The page at `/`: sends the form, shows the summary as it arrives, and lists recent summaries.

import { clearAnswer, closesSheet, releaseHeights, showArticle, showSentences } from "./answer.js";
import { bookmarkAddress, takePage } from "./bookmark.js";
import { PastedPage } from "./paste.js";
import { copyText, deleteSummaries, downloadFile, formatBoth, formatMarkdown, savedSummaries, saveSummary } from "./save.js";
import { SeveralFiles } from "./several.js";
import { recall, remember } from "./storage.js";
import { Problem, streamEvents } from "./stream.js";

const DRAFT_KEY = "draft";
const START_KEY = "starts-at-once";
const MESSAGE_SECONDS = 4;
const INSTANT = 0.05; // seconds; a summary that took less was cached, unless the article was returned as it is
const MOST_SAVED_FILES = 10; // more would push out the recent summaries
const KINDS = { bullets: "key points", headline: "headline" };
const MIN_ARTICLE_WORDS = 60; // a shorter paste may be a part of one
const UNREADABLE = [413, 415, 422]; // the statuses of files that are too large or have no article
const PARAGRAPH = "paragraph";
const STAGES = { selecting: "Selecting sentences", writing: "Writing the summary", verifying: "Checking each sentence" };

const $ = (id) => document.getElementById(id);
const form = document.querySelector("form");
const text = $("text");
const file = $("file");
const live = $("live");
const state = $("live-state");
const progress = live.querySelector("progress");
const startsAtOnce = $("starts-at-once");
const menu = live.querySelector(".menu");
const maxCharacters = Number(text.dataset.maxCharacters);
const pasted = new PastedPage(text, Number(text.dataset.maxBytes), showPasted);
file.multiple = true; // without this script one file is sent at a time
file.labels[0].textContent = file.labels[0].textContent.replace("a file", "files");
const several = new SeveralFiles($("several"), askForFile, openFile);
let running = null; // the AbortController of the request in progress
let shown = null; // the summary on the page
const saved = new WeakMap(); // of several files: summary → its id in this browser's storage

// ---------------------------------------------------------------- the form

function updateWordCount() {
  const words = countWords();
  const characters = text.value.length;
  const isNearLimit = characters > 0.8 * maxCharacters;
  const limit = isNearLimit ? ` · ${formatNumber(characters)} of ${formatNumber(maxCharacters)} characters` : "";
  $("words").textContent = words ? `${formatWords(words)}${limit}` : "";
  $("words").classList.toggle("too-long", isTooLong());
}

function countWords() {
  return text.value.split(/\s+/).filter(Boolean).length;
}

function isTooLong() {
  return !sendsPage() && text.value.length > maxCharacters; // the article in a page is shorter than its text
}

/** Whether the HTML of a pasted page is sent in place of its text. */
function sendsPage() {
  return Boolean(pasted.html) && !form.elements.clean.checked && !hasFileOrLink();
}

function hasFileOrLink() {
  return file.files.length > 0 || Boolean($("url")?.value.trim());
}

function showPasted() {
  $("pasted").textContent = sendsPage()
    ? "You pasted a whole page. Its HTML, with its links, is sent in place of the text, because it shows more clearly where the article begins and ends."
    : hasFileOrLink() && text.value.trim() ? "The file or link is sent, not the text." : "";
  $("text-only").hidden = !sendsPage();
  updateWordCount();
}

function sendTextOnly() {
  pasted.forget();
  showPasted();
}

function formatNumber(value) {
  return value.toLocaleString("en");
}

function formatWords(count) {
  return `${formatNumber(count)} ${count === 1 ? "word" : "words"}`;
}

/** Save the text until the tab is closed, so that it survives a reload. */
function saveDraft() {
  try {
    sessionStorage.setItem(DRAFT_KEY, text.value);
  } catch {
    // the text is too long for the storage, or the storage is not available
  }
  updateWordCount();
}

function showProblem(message) {
  const alert = $("problem");
  alert.textContent = message;
  alert.hidden = !message;
  if (message) alert.focus();
}

function buildRequest(signal) {
  const options = { signal, method: "POST" };
  const headers = { Accept: "text/event-stream" };
  const fields = new FormData(form);
  if (hasFileOrLink()) {
    fields.delete("text");
    if (file.files.length) fields.delete("url");
    return { ...options, headers, body: fields };
  }
  if (sendsPage()) {
    fields.delete("text");
    fields.set("file", new File([pasted.html], "page.html", { type: "text/html;charset=utf-8" }));
    return { ...options, headers, body: fields };
  }
  // JSON, because a form would change the line ends that the spans of `removed` count.
  const body = { text: text.value, method: fields.get("method"), ...(fields.has("clean") && { clean: false }) };
  if (fields.get("format") !== PARAGRAPH) body.format = fields.get("format");
  if (fields.get("words")) body.words = Number(fields.get("words"));
  if (fields.get("focus")) body.focus = fields.get("focus");
  return { ...options, headers: { ...headers, "Content-Type": "application/json" }, body: JSON.stringify(body) };
}

/** The summary of one of several files, with the options of the form. */
async function askForFile(chosen, signal) {
  const fields = new FormData(form);
  for (const name of ["text", "url"]) fields.delete(name);
  fields.set("file", chosen);
  let response;
  try {
    response = await fetch(form.dataset.api, { method: "POST", body: fields, signal, headers: { Accept: "application/json" } });
  } catch (error) {
    throw error.name === "AbortError" ? error : new Problem("The server does not answer.");
  }
  if (response.ok) {
    const summary = await response.json();
    if (file.files.length <= MOST_SAVED_FILES) saved.set(summary, saveSummary(summary, summary.sent ?? ""));
    listSavedSummaries();
    return summary;
  }
  const answer = await response.json().catch(() => ({}));
  const problem = new Problem(answer.detail ?? `The server answered with status ${response.status}.`, response.status);
  problem.retryAfter = Number(response.headers.get("Retry-After"));
  throw problem;
}

/** Show the summary of one of several files; going back leads to their list. */
function openFile(summary) {
  const id = savedSummaries().find((entry) => entry.id === saved.get(summary))?.id;
  history.pushState({ id }, "", id ? `#${id}` : location.pathname);
  openSummary(summary, summary.sent ?? "");
  window.scrollTo(0, 0);
}

/** Show a finished summary and its article. */
function openSummary(summary, sent) {
  releaseHeights();
  showArticle(summary, sent);
  showSummary(summary);
  $("live-title").focus({ preventScroll: true });
}

/** Show an empty form. A form that is shown stays as it is, and so does the text of a summary that is not ready. */
function goHome() {
  if (live.hidden) return;
  if (running) {
    running.abort();
    return;
  }
  leaveSummary();
  clearForm();
  saveDraft();
  text.focus();
}

/** Show the form, with the text of the summary that was shown, at the address of the page itself. */
function leaveSummary() {
  history.pushState(null, "", location.pathname);
  showForm();
}

function clearForm() {
  for (const field of [text, file, $("url")]) if (field) field.value = "";
  showProblem("");
  $("cancelled").hidden = true;
  sendTextOnly();
}

// ---------------------------------------------------------------- the summary

/** Summarize what is in the form; `startsItself` if nobody pressed the button. */
async function summarize({ startsItself = false } = {}) {
  if (file.files.length > 1) {
    showProblem("");
    await several.summarize(file.files);
    return;
  }
  if (!text.value.trim() && !hasFileOrLink()) {
    showProblem("There is nothing to summarize yet. Paste an article, or choose a file.");
    return;
  }
  if (isTooLong()) {
    const length = formatNumber(text.value.length);
    showProblem(`The article has ${length} characters; the limit is ${formatNumber(maxCharacters)}. Shorten it and try again.`);
    return;
  }
  showProblem("");
  running?.abort();
  const controller = (running = new AbortController());
  const typed = text.value;
  const isPage = sendsPage();
  const format = $("format").value;
  let article = null;
  startProgress();
  (startsItself ? $("live-title") : $("cancel")).focus();
  try {
    let preview = {};
    let summary = null;
    for await (const { name, data } of streamEvents(form.dataset.api, buildRequest(controller.signal))) {
      if (name === "article") {
        article = data.article;
        showArticle(data, data.sent ?? typed);
      }
      if (name === "preview") {
        preview = data.sentences;
        showSentences(article, preview, { isFinal: false, format });
        live.classList.remove("waiting");
        $("legend").textContent = "This is a preview. The rewritten summary will replace it.";
      }
      if (name === "sentence" && preview[data.length]) {
        preview[data.length].splice(data.index, 1, data);
        showSentences(article, preview, { isFinal: false, format });
      }
      if (name === "progress") showProgress(data);
      if (name === "error") throw new Problem(data.detail, data.status);
      if (name === "done") summary = data;
    }
    if (!summary) throw new Problem("The connection was lost. Check that the server is running and try again.");
    showSummary(summary);
    const id = saveSummary(summary, summary.sent ?? typed);
    if (id) history.pushState({ id }, "", `#${id}`);
  } catch (error) {
    if (controller !== running) return; // another request has replaced this one
    showForm();
    if (isPage && !article && UNREADABLE.includes(error.status)) {
      sendTextOnly(); // perhaps there is an article in the text
      await summarize({ startsItself });
    } else if (error.name === "AbortError") {
      $("cancelled").hidden = false;
      text.focus();
    }
    else showProblem(error instanceof Problem ? error.message : "Something went wrong on this page. Reload it and try again.");
  }
}

function startProgress() {
  clearAnswer();
  $("live-title").textContent = "Your article";
  shown = null;
  live.className = "answer under-way waiting";
  $("cancelled").hidden = true;
  $("start").hidden = true;
  live.hidden = false;
  showState("Reading the article…");
  progress.removeAttribute("value");
  window.scrollTo(0, 0);
}

function showProgress({ stage, done, total }) {
  showState(`${STAGES[stage]}…`);
  progress.max = total;
  progress.value = done;
}

function showState(message) {
  if (state.textContent !== message) state.textContent = message; // screen readers announce every change
}

/** Show a finished summary; its article is already on the page. */
function showSummary(summary) {
  running = null;
  shown = summary;
  live.className = "answer";
  $("start").hidden = true;
  live.hidden = false;
  showProblem("");
  $("cancelled").hidden = true;
  showSentences(summary.article, summary.sentences, {
    isFinal: true,
    format: summary.format ?? PARAGRAPH,
    leftOut: summary.left_out,
  });
  const origins = new Set(Object.values(summary.sentences).flat().map((sentence) => sentence.origin));
  const isVerbatim = origins.size === 1 && origins.has("article");
  live.classList.toggle("verbatim", isVerbatim);
  $("origins").hidden = isVerbatim; // nothing is underlined, so there is nothing to explain
  for (const item of live.querySelectorAll("[data-origin]")) item.hidden = !origins.has(item.dataset.origin);
  $("legend").textContent = describeWording(origins);
  $("facts").textContent = describeWork(summary);
  $("notes").replaceChildren(...summary.notes.map((note) => Object.assign(document.createElement("li"), { textContent: note })));
  for (const button of live.querySelectorAll("[data-copy=short], [data-copy=long]")) {
    button.hidden = summary[button.dataset.copy] === undefined;
  }
  showState("Done.");
  setTimeout(() => state.textContent === "Done." && showState(""), MESSAGE_SECONDS * 1000);
  // Move the focus to the title, but not away from a part of the page that the reader has moved to.
  if ([document.body, $("cancel")].includes(document.activeElement)) $("live-title").focus({ preventScroll: true });
}

function describeWording(origins) {
  if (!origins.has("article")) return "All sentences were written by the language model.";
  return origins.size === 1 ? "All sentences are verbatim from the article." : "Underlined sentences are verbatim from the article.";
}

function describeWork({ stats, model, method }) {
  const lengths = [[stats.short_words, "short"], [stats.long_words, "long"]]
    .filter(([count]) => count !== undefined)
    .map(([count, length]) => `${formatNumber(count)} (${length})`);
  const isCached = stats.seconds < INSTANT && stats.article_words >= MIN_ARTICLE_WORDS;
  const time = isCached ? "from the cache" : `in ${stats.seconds.toFixed(1)} s`;
  const writer = method === "abstractive" && model !== "none" ? ` Written by ${model}.` : "";
  return `${formatWords(stats.article_words)} → ${lengths.join(" and ")}, ${time}.${writer}`;
}

function showForm() {
  running = null;
  live.hidden = true;
  $("start").hidden = false;
  document.title = "Article summarizer";
  listSavedSummaries();
}

// ---------------------------------------------------------------- recent summaries

function listSavedSummaries() {
  const entries = savedSummaries();
  $("recent").hidden = !entries.length;
  $("recent-list").replaceChildren(
    ...entries.map(({ id, savedAt, summary }) => {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "quiet", dir: "auto" });
      button.textContent = summary.title || summary.short || summary.long;
      button.addEventListener("click", () => {
        history.pushState({ id }, "", `#${id}`);
        showSavedSummary(id);
      });
      const time = Object.assign(document.createElement("time"), { dateTime: new Date(savedAt).toISOString() });
      const when = new Date(savedAt).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
      time.textContent = [when, KINDS[summary.format]].filter(Boolean).join(" · ");
      const item = document.createElement("li");
      item.append(button, " ", time);
      return item;
    }),
  );
}

function showSavedSummary(id) {
  const entry = savedSummaries().find((one) => one.id === id);
  if (!entry) {
    history.replaceState(null, "", location.pathname);
    showForm();
    showProblem("This summary is not stored in this browser, or no longer. Summarize the article again.");
    return;
  }
  history.replaceState({ id }, "");
  openSummary(entry.summary, entry.sent);
}

// ---------------------------------------------------------------- user actions

form.addEventListener("submit", (event) => {
  event.preventDefault();
  summarize();
});
form.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
});
text.addEventListener("input", (event) => {
  saveDraft();
  if (event.inputType !== "insertFromPaste" || !pasted.fillsField || countWords() < MIN_ARTICLE_WORDS) return;
  for (const field of [file, $("url")]) if (field) field.value = "";
  if (startsAtOnce.checked) summarize({ startsItself: true });
});
startsAtOnce.addEventListener("change", () => remember(START_KEY, startsAtOnce.checked));
document.querySelector(".name a").addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return; // the browser opens another tab
  event.preventDefault();
  goHome();
});
$("example").addEventListener("click", async (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  try {
    const response = await fetch(event.target.dataset.text);
    if (!response.ok) throw new Problem();
    clearForm();
    text.value = await response.text(); // not saved as the draft, so a reload restores what was typed
  } catch {
    showProblem("The example could not be loaded. Check that the server is running and try again.");
    return;
  }
  summarize();
});
$("bookmark").addEventListener("click", (event) => {
  event.preventDefault();
  $("bookmark-hint").hidden = false;
});
$("text-only").addEventListener("click", () => {
  sendTextOnly();
  $("pasted").textContent = "Only the text will be sent.";
  text.focus();
});
form.addEventListener("change", showPasted); // a file, a link, or not to clean the text
file.addEventListener("change", () => {
  if (startsAtOnce.checked && file.files.length) summarize({ startsItself: true });
});
$("cancel").addEventListener("click", () => running?.abort());
$("another").addEventListener("click", goHome);
$("change").addEventListener("click", () => {
  leaveSummary();
  const options = document.querySelector(".options");
  options.open = true;
  options.querySelector("input:checked").focus();
});
$("delete-all").addEventListener("click", () => {
  if (!window.confirm("Delete all summaries that are stored in this browser?")) return;
  deleteSummaries();
  listSavedSummaries();
  text.focus();
});
window.addEventListener("popstate", (event) => {
  if (closesSheet()) return;
  running?.abort();
  showAsked(event.state);
});

/** Summarize what the bookmark sent; what another site sent only when the reader presses the button. */
function openSentPage({ text: sentText, html, isOwn }) {
  clearForm();
  text.value = sentText;
  pasted.take(html);
  showPasted();
  if (isOwn) summarize({ startsItself: true });
  else if (sentText) showProblem("This text comes from another site, or from an old bookmark. Check it, then press Summarize.");
  else showProblem("The bookmark's text was cut off on its way here. Paste the article instead.");
}

/** Show the summary that the history or the address names, else the form. */
function showAsked(state) {
  const id = state?.id ?? location.hash.slice(1);
  if (id) showSavedSummary(id);
  else showForm();
}

for (const type of ["dragover", "drop"]) {
  document.addEventListener(type, (event) => {
    const hasFile = event.dataTransfer.types.includes("Files");
    form.classList.toggle("dropping", type === "dragover" && hasFile);
    if (!hasFile) return; // the browser inserts dropped text
    event.preventDefault();
    if (type !== "drop" || running) return;
    if (!live.hidden) leaveSummary();
    file.files = event.dataTransfer.files;
    showPasted();
    if (startsAtOnce.checked) summarize({ startsItself: true });
  });
}
form.addEventListener("dragleave", () => form.classList.remove("dropping"));

live.addEventListener("click", async (event) => {
  const { copy, download } = event.target.dataset;
  if (copy) {
    const formats = { markdown: formatMarkdown, both: formatBoth };
    const isCopied = await copyText(copy in formats ? formats[copy](shown) : shown[copy]);
    $("copied").textContent = isCopied ? "Copied." : "Your browser blocked copying. Select the text and copy it manually.";
    setTimeout(() => $("copied").replaceChildren(), MESSAGE_SECONDS * 1000);
  }
  if (download === "json") downloadFile(JSON.stringify(shown, null, 2), shown.title, "json", "application/json");
  if (download === "md") downloadFile(formatMarkdown(shown), shown.title, "md", "text/markdown");
});
$("print").addEventListener("click", () => window.print());
menu.addEventListener("click", (event) => {
  if (event.target.closest("button")) closeMenu();
});
document.addEventListener("click", (event) => {
  if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && menu.open) closeMenu();
});

function closeMenu() {
  menu.open = false;
  menu.querySelector("summary").focus();
}

// ---------------------------------------------------------------- start

try {
  text.value ||= sessionStorage.getItem(DRAFT_KEY) ?? "";
} catch {
  // the storage is not available
}
updateWordCount();
startsAtOnce.checked = recall(START_KEY) ?? true;
const hasKeyboard = window.matchMedia("(hover: hover)").matches;
for (const part of document.querySelectorAll(".scripted")) {
  part.hidden = part.classList.contains("with-keyboard") && !hasKeyboard;
}
$("bookmark").href = bookmarkAddress();
if (!$("bookmark").getAttribute("href")) $("bookmark").parentElement.remove();
const sent = takePage();
if (sent) openSentPage(sent);
else if (history.state?.id || location.hash.length > 1) showAsked(history.state);
else listSavedSummaries(); // an error that the server wrote stays
