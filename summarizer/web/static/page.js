// The page at `/`: what is typed goes out, the answer comes in while it is made, and what was made can be found again.

import { clear, letGoOfHeight, showArticle, showSentences } from "./answer.js";
import { asMarkdown, asText, copy, download, forget, keep, kept } from "./keep.js";
import { Problem, events } from "./stream.js";

const DRAFT = "draft";
const STATES = { reading: "Reading the article", writing: "Writing", checking: "Checking each sentence" };

const $ = (id) => document.getElementById(id);
const form = document.querySelector("form");
const text = $("text");
const file = $("file");
const live = $("live");
const state = $("live-state");
const progress = live.querySelector("progress");
const mostCharacters = Number(text.dataset.most);
let underWay = null; // an AbortController while an answer is made
let shown = null; // the answer on the page

// ---------------------------------------------------------------- the form

function tellLength() {
  const words = text.value.split(/\s+/).filter(Boolean).length;
  const characters = text.value.length;
  const tooLong = characters > mostCharacters;
  const limit = characters > 0.8 * mostCharacters ? ` · ${number(characters)} of at most ${number(mostCharacters)} characters` : "";
  $("words").textContent = words ? `${number(words)} ${words === 1 ? "word" : "words"}${limit}` : "";
  $("words").classList.toggle("too-long", tooLong);
  return tooLong;
}

function number(value) {
  return value.toLocaleString("en");
}

function remember() {
  try {
    sessionStorage.setItem(DRAFT, text.value);
  } catch {
    // too long for the browser's storage, or there is none: then it does not outlive a reload
  }
  tellLength();
}

function complain(message) {
  const alert = $("problem");
  alert.textContent = message;
  alert.hidden = !message;
  if (message) alert.focus();
}

function request() {
  const options = { signal: underWay.signal, method: "POST" };
  const headers = { Accept: "text/event-stream" };
  const fields = new FormData(form);
  const link = fields.get("url")?.trim();
  if (file.files.length || link) {
    return { ...options, headers, body: fields };
  }
  // As JSON, since a form would change the line ends that the places of what is stripped count.
  const asked = { text: text.value, method: fields.get("method"), ...(fields.has("strip") && { strip: "off" }) };
  return { ...options, headers: { ...headers, "Content-Type": "application/json" }, body: JSON.stringify(asked) };
}

function emptyForm() {
  for (const field of [text, file, $("url")]) if (field) field.value = "";
  complain("");
  $("cancelled").hidden = true;
  tellLength();
}

// ---------------------------------------------------------------- the answer

async function summarize() {
  if (tellLength()) {
    complain(`The article has ${number(text.value.length)} characters, and this service takes ${number(mostCharacters)}. Paste a part of it.`);
    return;
  }
  complain("");
  underWay?.abort();
  const mine = (underWay = new AbortController());
  const typed = text.value;
  begin();
  try {
    let article = null;
    let answer = null;
    for await (const { name, said } of events(form.dataset.api, request())) {
      if (name === "article") {
        article = said.article;
        showArticle(said, said.sent ?? typed);
      }
      if (name === "extract") {
        showSentences(article, said.sentences, { isFinal: false });
        live.classList.remove("waiting");
        $("legend").textContent = "The quick extract, until the summary is written.";
      }
      if (name === "progress") tellState(said);
      if (name === "error") throw new Problem(said.detail);
      if (name === "done") answer = said;
    }
    if (!answer) throw new Problem("The service broke off. See whether it still runs, and send the article again.");
    const id = keep(answer, answer.sent ?? typed);
    finish(answer);
    history.pushState({ id }, "");
  } catch (error) {
    if (mine !== underWay) return; // another article was sent meanwhile
    showForm();
    if (error.name === "AbortError") $("cancelled").hidden = false;
    else complain(error instanceof Problem ? error.message : "Something went wrong on this page. Reload it and try again.");
  }
}

function begin() {
  clear();
  $("live-title").textContent = "Your article";
  shown = null;
  live.className = "answer under-way waiting";
  $("cancelled").hidden = true;
  $("ask").hidden = true;
  live.hidden = false;
  tellState({ stage: "reading", done: 0, total: 0 });
  window.scrollTo(0, 0);
  $("cancel").focus();
}

function tellState({ stage, done, total }) {
  const told = `${STATES[stage]} …`;
  if (state.textContent !== told) state.textContent = told; // or a screen reader says it again
  progress.max = total || 1;
  if (total) progress.value = done;
  else progress.removeAttribute("value");
}

/** Show an answer whose article is on the page already. */
function finish(answer) {
  underWay = null;
  shown = answer;
  live.className = "answer";
  $("ask").hidden = true;
  live.hidden = false;
  complain("");
  $("cancelled").hidden = true;
  showSentences(answer.article, answer.sentences, { isFinal: true });
  const origins = new Set(Object.values(answer.sentences).flat().map((sentence) => sentence.origin));
  const isVerbatim = origins.size === 1 && origins.has("article");
  live.classList.toggle("verbatim", isVerbatim);
  $("marks").hidden = isVerbatim; // nothing is underlined
  $("legend").textContent = legend(origins);
  for (const meaning of live.querySelectorAll("[data-origin]")) meaning.hidden = !origins.has(meaning.dataset.origin);
  $("notes").replaceChildren(...answer.notes.map((note) => Object.assign(document.createElement("li"), { textContent: note })));
  const { article_words: words, short_words: short, long_words: long, seconds } = answer.stats;
  const lengths = [short, long].filter((count) => count !== undefined).map(number).join(" and ");
  $("facts").textContent = `${number(words)} words became ${lengths} in ${seconds.toFixed(1)} s, by ${answer.model}.`;
  for (const button of live.querySelectorAll("[data-copy=short], [data-copy=long]")) {
    button.hidden = answer[button.dataset.copy] === undefined;
  }
  state.textContent = "Ready.";
  // Who reads on below is left there.
  if ([document.body, $("cancel")].includes(document.activeElement)) $("live-title").focus({ preventScroll: true });
}

function legend(origins) {
  if (!origins.has("article")) return "None is word for word the article’s.";
  return origins.size === 1 ? "All are the article’s own sentences." : "Underlined: the article’s own, word for word.";
}

function showForm() {
  underWay = null;
  live.hidden = true;
  $("ask").hidden = false;
  document.title = "Article summarizer";
  listKept();
}

// ---------------------------------------------------------------- what was made before

function listKept() {
  const all = kept();
  $("kept").hidden = !all.length;
  $("kept-list").replaceChildren(
    ...all.map(({ id, when, answer }) => {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "quiet", dir: "auto" });
      button.textContent = answer.title || answer.short || answer.long;
      button.addEventListener("click", () => {
        history.pushState({ id }, "");
        showKept(id);
      });
      const time = Object.assign(document.createElement("time"), { dateTime: new Date(when).toISOString() });
      time.textContent = new Date(when).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
      const item = document.createElement("li");
      item.append(button, " ", time);
      return item;
    }),
  );
}

function showKept(id) {
  const found = kept().find((entry) => entry.id === id);
  if (!found) {
    showForm();
    return;
  }
  letGoOfHeight();
  showArticle(found.answer, found.sent);
  finish(found.answer);
  $("live-title").focus();
}

// ---------------------------------------------------------------- what a reader does

form.addEventListener("submit", (event) => {
  event.preventDefault();
  summarize();
});
form.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
});
text.addEventListener("input", remember);
$("example").addEventListener("click", async (event) => {
  event.preventDefault();
  try {
    const answer = await fetch(event.target.dataset.text);
    if (!answer.ok) throw new Problem();
    emptyForm();
    text.value = await answer.text(); // what was typed before comes back with a reload
  } catch {
    complain("The example cannot be loaded. See whether the service still runs.");
    return;
  }
  summarize();
});
$("cancel").addEventListener("click", () => underWay?.abort());
$("another").addEventListener("click", () => {
  history.pushState(null, "");
  emptyForm();
  remember();
  showForm();
  text.focus();
});
$("forget").addEventListener("click", () => {
  forget();
  listKept();
  text.focus();
});
window.addEventListener("popstate", (event) => {
  underWay?.abort();
  if (event.state?.id) showKept(event.state.id);
  else showForm();
});

for (const kind of ["dragover", "drop"]) {
  form.addEventListener(kind, (event) => {
    const hasFile = event.dataTransfer.types.includes("Files");
    form.classList.toggle("dropping", kind === "dragover" && hasFile);
    if (!hasFile) return; // text that is dropped goes where it is dropped
    event.preventDefault();
    if (kind === "drop") file.files = event.dataTransfer.files;
  });
}
form.addEventListener("dragleave", () => form.classList.remove("dropping"));

live.addEventListener("click", async (event) => {
  const { copy: what, download: suffix } = event.target.dataset;
  if (what) {
    const copied = what === "markdown" ? asMarkdown(shown) : asText(shown, what === "both" ? ["short", "long"] : [what]);
    state.textContent = (await copy(copied)) ? "Copied." : "This browser does not let a page copy. Select the text instead.";
  }
  if (suffix === "json") download(JSON.stringify(shown, null, 2), shown.title, "json", "application/json");
  if (suffix === "md") download(asMarkdown(shown), shown.title, "md", "text/markdown");
});
$("print").addEventListener("click", () => window.print());

// ---------------------------------------------------------------- begin

try {
  text.value ||= sessionStorage.getItem(DRAFT) ?? "";
} catch {
  // there is no storage
}
tellLength();
for (const part of document.querySelectorAll(".scripted")) part.hidden = false;
if (history.state?.id) showKept(history.state.id);
else listKept();
