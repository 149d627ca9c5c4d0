// Summaries as text, Markdown and files, and the most recent ones in this browser's storage.

import { forget, recall, remember } from "./storage.js";

const STORAGE_KEY = "summaries";
const MAX_SAVED = 20;

// ---------------------------------------------------------------- export

/**
 * The sentences without repetition: those of the long summary that the short one has stand in the short one, with the
 * evidence of both. A headline is no repetition.
 */
export function withoutRepetition({ short = [], long = [] }, format) {
  if (format === "headline") return { short, long };
  const evidenceOf = (text) => [...short, ...long].filter((one) => one.text === text).flatMap(({ evidence }) => evidence);
  const texts = new Set(short.map(({ text }) => text));
  return {
    short: short.map((sentence) => ({ ...sentence, evidence: evidenceOf(sentence.text) })),
    long: long.filter(({ text }) => !texts.has(text)),
  };
}

/** Both summaries as plain text, without repetition. */
export function formatBoth({ sentences, format }) {
  const { short, long } = withoutRepetition(sentences, format);
  // A headline that could not be shortened has the words of the short summary.
  const added = format === "headline" ? long.filter(({ text }) => ![text, `${text}.`].includes(short[0]?.text)) : long;
  return [join(short), joinLong(added, format)].filter(Boolean).join("\n\n");
}

/** The passages that sentences rest on, each once, in the article's order. */
export function distinctSpans(sentences) {
  const byStart = new Map(sentences.flatMap((sentence) => sentence.evidence).map((span) => [span.start, span]));
  return [...byStart.values()].sort((one, other) => one.start - other.start);
}

function join(sentences) {
  return sentences.map(({ text }) => text).join(" ");
}

function joinLong(sentences, format) {
  return format === "bullets" ? sentences.map(({ text }) => `- ${text}`).join("\n") : join(sentences);
}

/** The summary as Markdown, with the source passages of each sentence below it. */
export function formatMarkdown(summary) {
  const characters = [...summary.article];
  const { short, long } = withoutRepetition(summary.sentences, summary.format);
  const sources = [...short, ...long].map((sentence) => {
    const passages = distinctSpans([sentence]).map(({ start, end }) => characters.slice(start, end).join(""));
    return `- ${escapeMarkdown(sentence.text)}\n\n${passages.map((text) => `  > ${escapeMarkdown(text)}`).join("\n  >\n")}`;
  });
  const parts = [summary.title && `# ${escapeMarkdown(summary.title)}`];
  if (short.length) parts.push(`**${escapeMarkdown(join(short))}**`);
  const escaped = long.map(({ text }) => ({ text: escapeMarkdown(text) }));
  const before = summary.format === "headline" ? "Suggested headline: " : "";
  if (long.length) parts.push(before + joinLong(escaped, summary.format));
  parts.push("## Source passages", ...sources);
  return `${parts.filter(Boolean).join("\n\n")}\n`;
}

function escapeMarkdown(text) {
  return text.replace(/\s+/g, " ").replace(/[\\`*_[\]<>#|]/g, "\\$&");
}

/** Copy a text to the clipboard; returns whether it worked. */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copySelection(text); // pages over plain HTTP cannot use the clipboard API
  }
}

function copySelection(text) {
  const field = Object.assign(document.createElement("textarea"), { value: text, className: "off-screen" });
  document.body.append(field);
  field.select();
  const isCopied = document.execCommand("copy");
  field.remove();
  return isCopied;
}

/** Download a text as a file that is named after a title. */
export function downloadFile(text, title, suffix, type) {
  const name = (title || "summary").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "").slice(0, 60);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = `${name || "summary"}.${suffix}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

// ---------------------------------------------------------------- recent summaries

/**
 * The saved summaries, the latest first, each `{id, savedAt, summary, sent}`.
 *
 * Entries without the fields that the page shows, such as those of an older version, are left out.
 */
export function savedSummaries() {
  const entries = recall(STORAGE_KEY);
  return Array.isArray(entries) ? entries.filter(isComplete) : [];
}

function isComplete(entry) {
  const { id, savedAt, summary, sent } = entry ?? {};
  const { article, removed, sentences, notes, stats } = summary ?? {};
  return (
    [id, sent, article].every((text) => typeof text === "string") &&
    [savedAt, stats?.article_words, stats?.seconds].every(Number.isFinite) &&
    [removed, notes, sentences?.short ?? [], sentences?.long ?? []].every(Array.isArray)
  );
}

/** Save a summary, and as many older ones as the storage can hold; returns its id, or null if it cannot hold it. */
export function saveSummary(summary, sent) {
  const id = crypto.getRandomValues(new Uint32Array(1))[0].toString(36);
  let entries = [{ id, savedAt: Date.now(), summary, sent }, ...savedSummaries()].slice(0, MAX_SAVED);
  while (entries.length && !remember(STORAGE_KEY, entries)) entries = entries.slice(0, -1); // the storage is full
  return entries.length ? id : null;
}

/** Delete all saved summaries. */
export function deleteSummaries() {
  forget(STORAGE_KEY);
}
