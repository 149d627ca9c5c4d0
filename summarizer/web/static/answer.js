// Shows a summary: both lengths, the article, and the passages that support each sentence, linked both ways.
// Content is inserted as text, never as HTML.

import { distinctSpans, withoutRepetition } from "./save.js";
import { recall, remember } from "./storage.js";

const LENGTHS = ["short", "long"];
// Of the short summary, and of the long one in each of its formats.
const HEADINGS = { short: "Short summary", paragraph: "In more detail", bullets: "Key points", headline: "Suggested headline" };
const POINTED_KEY = "has-pointed";
const CONTEXT = 200; // characters beside a passage
// A sentence that is cut, because without its "not" it would say the opposite; or all, if there is only one.
const CUT_BEGINNING = /^(?:.*?[.!?…。]["'”’»)\]]*\s+(?=.)|.*)/su;
const CUT_END = /(?:(?<=[.!?…。]["'”’»)\]]*)\s+(?:(?![.!?…。]["'”’»)\]]*\s).)*|^.*)$/su;
const narrow = window.matchMedia("(max-width: 55.99rem)");
const live = document.getElementById("live");
const title = document.getElementById("live-title");
const article = document.getElementById("live-article");
const sent = document.getElementById("live-sent");
const sheet = document.getElementById("sheet");
const hint = document.getElementById("hint");
const leftOutList = document.querySelector("#left-out ul");
const removedSwitch = document.getElementById("show-removed");
const paragraphs = Object.fromEntries(LENGTHS.map((length) => [length, live.querySelector(`[data-length=${length}] p`)]));

/**
 * Show the cleaned article, and the text as sent with the removed parts marked.
 *
 * @param {object} summary - an `article` event or a whole summary.
 * @param {string} sentText - the text whose characters the spans of `removed` count.
 */
export function showArticle(summary, sentText) {
  title.textContent = summary.title || "Summary";
  document.title = `${title.textContent} – Article summarizer`;
  for (const part of live.querySelectorAll("[lang]")) part.lang = summary.language ?? "";
  article.replaceChildren(summary.article);
  const removals = summary.removed.flatMap(({ spans, reason }) => spans.map((span) => ({ ...span, reason })));
  live.querySelector(".removed").hidden = !removals.length;
  live.querySelector("#removed-count").textContent = removals.length;
  sent.replaceChildren(...markRemovals(sentText, removals));
  removedSwitch.checked = false;
  toggleRemoved();
}

/**
 * Show the sentences of each length, and mark their evidence in the article.
 *
 * @param {string} format - of the long summary: "paragraph", "bullets" or "headline".
 */
export function showSentences(articleText, sentences, { isFinal, format, leftOut = [] }) {
  const shownBy = withoutRepetition(sentences, format);
  const evidence = distinctSpans(Object.values(shownBy).flat());
  const spans = distinctSpans([{ evidence: [...evidence, ...leftOut] }]);
  article.replaceChildren(...markPassages(articleText, spans, new Set(evidence.map(({ start }) => start))));
  listLeftOut(articleText, leftOut, spans);
  for (const length of LENGTHS) {
    const shown = shownBy[length];
    paragraphs[length].parentElement.hidden = !shown.length;
    const links = shown.map((sentence, index) => createSentence(sentence, `${length}-${index + 1}`, spans));
    showAs(length === "long" ? format : "short", paragraphs[length]);
    paragraphs[length].replaceChildren(...links.flatMap((link) => [asItem(link, paragraphs[length]), " "]));
    paragraphs[length].classList.toggle("preview", !isFinal);
    if (!isFinal) reserveHeight(paragraphs[length]);
  }
  for (const passage of article.querySelectorAll("a")) passage.href = `#${findCounterparts(passage)[0].id}`;
  hint.hidden = Boolean(recall(POINTED_KEY));
  keepSheet();
}

/** Remove the summary and the article from the page. */
export function clearAnswer() {
  for (const part of [title, article, sent, ...Object.values(paragraphs)]) part.replaceChildren();
  releaseHeights();
  hideSheet();
}

/** List the article's main sentences that the summary does not cover, each linked to its place. */
function listLeftOut(articleText, leftOut, spans) {
  const characters = [...articleText]; // spans count Unicode characters, not UTF-16 code units
  const items = leftOut.map((span, index) => {
    const text = characters.slice(span.start, span.end).join("");
    const item = document.createElement("li");
    item.append(createSentence({ text, evidence: [span], origin: "article", support: null }, `left-out-${index + 1}`, spans));
    return item;
  });
  leftOutList.replaceChildren(...items);
  leftOutList.parentElement.hidden = !items.length;
  leftOutList.parentElement.open = false;
}

/** Keep the height of a preview, so that the layout does not shift when the summary replaces it. */
function reserveHeight(paragraph) {
  paragraph.style.minHeight = `${paragraph.offsetHeight}px`;
}

/** Let the summaries take the height they need. */
export function releaseHeights() {
  for (const paragraph of Object.values(paragraphs)) paragraph.style.minHeight = "";
}
window.addEventListener("resize", releaseHeights);

/** Make a paragraph a list of key points, or an ordinary paragraph again, and name it. */
function showAs(kind, paragraph) {
  const isList = kind === "bullets";
  paragraph.classList.toggle("list", isList);
  if (isList) paragraph.setAttribute("role", "list");
  else paragraph.removeAttribute("role");
  paragraph.parentElement.querySelector("h2").textContent = HEADINGS[kind];
}

/** A sentence as what a paragraph or list contains. */
function asItem(link, paragraph) {
  if (!paragraph.classList.contains("list")) return link;
  const item = createElement("span", { className: "item" }, "");
  item.setAttribute("role", "listitem");
  item.append(link);
  return item;
}

function createSentence(sentence, id, spans) {
  const numbers = sentence.evidence.map((span) => spans.findIndex((other) => other.start === span.start) + 1);
  const properties = { id, className: `sentence ${sentence.origin}`, href: `#passage-${numbers[0]}` };
  const link = createElement("a", properties, sentence.text);
  const isVerified = sentence.origin === "written" && sentence.support !== null;
  if (isVerified) link.title = `Support by the article: ${Math.round(100 * sentence.support)}%`;
  link.dataset.passages = numbers.join(" ");
  return link;
}

/** The article with a link for each span; those that start where one of the evidence does look like evidence. */
function markPassages(text, spans, evidence) {
  const characters = [...text]; // spans count Unicode characters, not UTF-16 code units
  const nodes = [];
  let end = 0;
  spans.forEach((span, index) => {
    const number = String(index + 1);
    const passage = characters.slice(span.start, span.end).join("");
    const className = evidence.has(span.start) ? "evidence" : "passage";
    const link = createElement("a", { id: `passage-${number}`, className }, passage);
    link.dataset.passages = number;
    nodes.push(characters.slice(end, span.start).join(""), link);
    end = span.end;
  });
  return [...nodes, characters.slice(end).join("")];
}

function markRemovals(text, removals) {
  const characters = [...text];
  const nodes = [];
  let end = 0;
  for (const removal of removals.sort((one, other) => one.start - other.start)) {
    const removed = createElement("del", {}, characters.slice(removal.start, removal.end).join(""));
    const reason = createElement("span", { className: "reason" }, removal.reason);
    nodes.push(characters.slice(end, removal.start).join(""), removed, reason);
    end = removal.end;
  }
  return [...nodes, characters.slice(end).join("")];
}

function createElement(name, properties, text) {
  const element = Object.assign(document.createElement(name), properties);
  element.textContent = text;
  return element;
}

// ---------------------------------------------------------------- evidence, both ways

/** Highlight a sentence or passage with its counterparts, and nothing else; with null, nothing at all. */
function highlight(link) {
  const numbers = new Set(link?.dataset.passages.split(" "));
  for (const other of live.querySelectorAll("[data-passages]")) {
    other.classList.toggle("highlighted", other.dataset.passages.split(" ").some((number) => numbers.has(number)));
  }
}

/** The passages that support a sentence, or the sentences that a passage supports. */
function findCounterparts(link) {
  const numbers = new Set(link.dataset.passages.split(" "));
  const parts = link.closest("#live-article") ? [...Object.values(paragraphs), leftOutList] : [article];
  return parts
    .flatMap((part) => [...part.querySelectorAll("[data-passages]")])
    .filter((other) => other.dataset.passages.split(" ").some((number) => numbers.has(number)));
}

function showCounterparts(link) {
  highlight(link);
  const [first] = findCounterparts(link);
  if (first?.closest("#live-article")) scrollToPassage(first);
}

/** Scroll within the article; the page does not move. */
function scrollToPassage(passage) {
  if (removedSwitch.checked) return;
  const pane = article.parentElement;
  const top = passage.getBoundingClientRect().top - pane.getBoundingClientRect().top;
  pane.scrollBy({ top: top - pane.clientHeight / 3 });
}

for (const type of ["pointerover", "focusin"]) {
  live.addEventListener(type, (event) => {
    const link = event.target.closest("[data-passages]");
    if (link) showCounterparts(link);
  });
}
live.addEventListener("pointerleave", () => highlight(live.querySelector("[data-passages]:focus")));
live.addEventListener("focusout", () => highlight(sheet.hidden ? null : shownInSheet));
live.addEventListener("click", (event) => {
  const link = event.target.closest("[data-passages]");
  if (!link) return;
  event.preventDefault();
  remember(POINTED_KEY, true);
  if (narrow.matches && !link.closest("#live-article")) openSheet(link);
  else moveToCounterpart(link);
});

/** Show the article, or the text as sent with the removed parts. */
function toggleRemoved() {
  article.hidden = removedSwitch.checked;
  sent.hidden = !removedSwitch.checked;
}
removedSwitch.addEventListener("change", toggleRemoved);

function moveToCounterpart(link) {
  removedSwitch.checked = false;
  toggleRemoved();
  const [first] = findCounterparts(link);
  first?.focus();
}

// ---------------------------------------------------------------- evidence on narrow screens, where the article is below

let shownInSheet = null; // the sentence
let leadsToArticle = false; // whether closing the sheet moves to the passage
let isGoingBack = false; // whether the browser is about to leave the sheet's place in the history

function openSheet(sentence) {
  shownInSheet = sentence;
  document.getElementById("sheet-passages").replaceChildren(...findCounterparts(sentence).map(quoteInContext));
  if (sheet.hidden) history.pushState({ ...history.state, isSheet: true }, ""); // going back closes it
  sheet.hidden = false;
  if (sentence.getBoundingClientRect().bottom > innerHeight - sheet.offsetHeight) sentence.scrollIntoView({ block: "start" });
  sheet.focus({ preventScroll: true });
  highlight(sentence);
}

/** A passage of the article with what stands beside it in its paragraph. */
function quoteInContext(passage) {
  const text = article.textContent;
  let start = 0;
  for (let node = passage.previousSibling; node; node = node.previousSibling) start += node.textContent.length;
  const end = start + passage.textContent.length;
  const before = text.slice(Math.max(0, start - CONTEXT), start).split("\n").at(-1);
  const after = text.slice(end, end + CONTEXT).split("\n")[0];
  const quote = document.createElement("blockquote");
  quote.append(before.length === CONTEXT ? before.replace(CUT_BEGINNING, "… ") : before);
  quote.append(createElement("mark", {}, passage.textContent));
  quote.append(after.length === CONTEXT ? after.replace(CUT_END, " …") : after);
  return quote;
}

/** Leave the sheet open if its sentence is still shown: while a model writes, sentences are drawn again. */
function keepSheet() {
  if (sheet.hidden) return;
  const sentences = Object.values(paragraphs).flatMap((paragraph) => [...paragraph.querySelectorAll(".sentence")]);
  const same = sentences.find(({ textContent }) => textContent === shownInSheet.textContent);
  if (same) shownInSheet = same;
  else hideSheet();
}

/** Close the sheet and leave its place in the history. */
function closeSheet() {
  const isInHistory = history.state?.isSheet && !sheet.hidden;
  hideSheet();
  if (isInHistory) {
    isGoingBack = true;
    history.back();
  } else closesSheet(); // its place is gone: the summary was finished meanwhile
}

/** Whether going back was only to close the sheet, or closes it now. */
export function closesSheet() {
  const wasOpen = hideSheet();
  const wasClosing = isGoingBack;
  isGoingBack = false;
  // In the next frame, after the browser has restored where the page was.
  if (leadsToArticle) requestAnimationFrame(() => moveToCounterpart(shownInSheet));
  leadsToArticle = false;
  return wasOpen || wasClosing;
}

/** Hide the sheet; returns whether it was open. */
function hideSheet() {
  if (sheet.hidden) return false;
  const hadFocus = sheet.contains(document.activeElement);
  sheet.hidden = true;
  if (hadFocus) shownInSheet?.focus();
  return true;
}

document.getElementById("sheet-close").addEventListener("click", closeSheet);
document.getElementById("sheet-show").addEventListener("click", () => {
  leadsToArticle = true;
  closeSheet();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !sheet.hidden) closeSheet();
});
document.addEventListener("click", (event) => {
  if (!sheet.hidden && !sheet.contains(event.target) && !event.target.closest("[data-passages]")) closeSheet();
});
