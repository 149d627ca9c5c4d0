// An answer on the page: both lengths, the article, and which sentence rests on which place of it, both ways.
// What is shown goes into the page as text, never as HTML.

const LENGTHS = ["short", "long"];
const live = document.getElementById("live");
const title = document.getElementById("live-title");
const article = document.getElementById("live-article");
const sent = document.getElementById("live-sent");
const strippedSwitch = document.getElementById("show-sent");
const paragraphs = Object.fromEntries(LENGTHS.map((length) => [length, live.querySelector(`[data-length=${length}] p`)]));

/** Show the cleaned article, and what was taken out of it in its place in the text as it was sent. */
export function showArticle(told, sentText) {
  title.textContent = told.title || "Summary";
  document.title = `${title.textContent} – Article summarizer`;
  for (const part of live.querySelectorAll("[lang]")) part.lang = told.language ?? "";
  article.replaceChildren(told.article);
  const removals = told.stripped.flatMap((line) => line.spans.map((span) => ({ ...span, reason: line.reason })));
  live.querySelector(".stripped").hidden = !removals.length;
  live.querySelector("#stripped-count").textContent = removals.length;
  sent.replaceChildren(...withRemovals(sentText, removals));
  strippedSwitch.checked = false;
  showSent();
}

/** Show the sentences of each length, and mark in the article what they rest on. */
export function showSentences(articleText, sentences, { isFinal }) {
  const spans = distinctSpans(Object.values(sentences).flat());
  article.replaceChildren(...withEvidence(articleText, spans));
  for (const length of LENGTHS) {
    const found = sentences[length] ?? [];
    paragraphs[length].parentElement.hidden = !found.length;
    const links = found.map((sentence, index) => sentenceLink(sentence, `${length}-${index + 1}`, spans));
    paragraphs[length].replaceChildren(...links.flatMap((link) => [link, " "]));
    paragraphs[length].classList.toggle("preview", !isFinal);
    if (!isFinal) holdHeight(paragraphs[length]);
  }
  for (const place of article.querySelectorAll("a")) place.href = `#${partners(place)[0].id}`;
}

/** Take all of an answer off the page. */
export function clear() {
  for (const part of [title, article, sent, ...Object.values(paragraphs)]) part.replaceChildren();
  letGoOfHeight();
}

/** Keep the room of a preview for the sentences that take its place, so that nothing moves under a reader's eyes. */
function holdHeight(paragraph) {
  paragraph.style.minHeight = `${paragraph.offsetHeight}px`;
}

export function letGoOfHeight() {
  for (const paragraph of Object.values(paragraphs)) paragraph.style.minHeight = "";
}
window.addEventListener("resize", letGoOfHeight);

function sentenceLink(sentence, id, spans) {
  const places = sentence.evidence.map((span) => spans.findIndex((other) => other.start === span.start) + 1);
  const link = element("a", { id, className: `sentence ${sentence.origin}`, href: `#place-${places[0]}` }, sentence.text);
  link.dataset.places = places.join(" ");
  return link;
}

function withEvidence(text, spans) {
  const characters = [...text]; // spans count characters, and not what JavaScript keeps them in
  const nodes = [];
  let end = 0;
  spans.forEach((span, index) => {
    const place = String(index + 1);
    const link = element("a", { id: `place-${place}`, className: "evidence" }, characters.slice(span.start, span.end).join(""));
    link.dataset.places = place;
    nodes.push(characters.slice(end, span.start).join(""), link);
    end = span.end;
  });
  return [...nodes, characters.slice(end).join("")];
}

function withRemovals(text, removals) {
  const characters = [...text];
  const nodes = [];
  let end = 0;
  for (const { start, end: stop, reason } of removals.sort((one, other) => one.start - other.start)) {
    const taken = element("del", {}, characters.slice(start, stop).join(""));
    nodes.push(characters.slice(end, start).join(""), taken, element("span", { className: "reason" }, reason));
    end = stop;
  }
  return [...nodes, characters.slice(end).join("")];
}

function distinctSpans(sentences) {
  const byStart = new Map(sentences.flatMap((sentence) => sentence.evidence).map((span) => [span.start, span]));
  return [...byStart.values()].sort((one, other) => one.start - other.start);
}

function element(name, properties, text) {
  const made = Object.assign(document.createElement(name), properties);
  made.textContent = text;
  return made;
}

// ---------------------------------------------------------------- evidence, both ways

/** Light up what belongs to a sentence of the summary, or of the article; nothing when it is null. */
function lightUp(chosen) {
  const places = new Set(chosen?.dataset.places.split(" "));
  for (const link of live.querySelectorAll("[data-places]")) {
    link.classList.toggle("lit", link.dataset.places.split(" ").some((place) => places.has(place)));
  }
}

function partners(link) {
  const places = new Set(link.dataset.places.split(" "));
  const others = link.closest("#live-article") ? Object.values(paragraphs) : [article];
  return others
    .flatMap((part) => [...part.querySelectorAll("[data-places]")])
    .filter((other) => other.dataset.places.split(" ").some((place) => places.has(place)));
}

function follow(link) {
  lightUp(link);
  const [first] = partners(link);
  if (first && first.closest("#live-article")) intoView(first);
}

/** Scroll the article, and not the page. */
function intoView(link) {
  if (strippedSwitch.checked) return;
  const pane = article.parentElement;
  const top = link.getBoundingClientRect().top - pane.getBoundingClientRect().top;
  pane.scrollBy({ top: top - pane.clientHeight / 3 });
}

for (const moment of ["pointerover", "focusin"]) {
  live.addEventListener(moment, (event) => {
    const link = event.target.closest("[data-places]");
    if (link) follow(link);
  });
}
live.addEventListener("pointerleave", () => lightUp(live.querySelector("[data-places]:focus")));
live.addEventListener("focusout", () => lightUp(null));
live.addEventListener("click", (event) => {
  const link = event.target.closest("[data-places]");
  if (!link) return;
  event.preventDefault();
  strippedSwitch.checked = false;
  showSent();
  const [first] = partners(link);
  first?.focus();
});

function showSent() {
  article.hidden = strippedSwitch.checked;
  sent.hidden = !strippedSwitch.checked;
}
strippedSwitch.addEventListener("change", showSent);
