// Summaries as text, Markdown and files, and the most recent ones in this browser's storage.

const STORAGE_KEY = "summaries";
const MAX_SAVED = 20;

// ---------------------------------------------------------------- export

/** The summaries of the given lengths as plain text. */
export function formatText(summary, lengths) {
  return lengths.map((length) => summary[length]).filter(Boolean).join("\n\n");
}

/** The summary as Markdown; each sentence of the long one is followed by its source passages. */
export function formatMarkdown(summary) {
  const characters = [...summary.article];
  const sources = (summary.sentences.long ?? []).map((sentence) => {
    const passages = sentence.evidence.map(({ start, end }) => characters.slice(start, end).join(""));
    return `- ${escapeMarkdown(sentence.text)}\n\n${passages.map((text) => `  > ${escapeMarkdown(text)}`).join("\n  >\n")}`;
  });
  const parts = [summary.title && `# ${escapeMarkdown(summary.title)}`];
  if (summary.short) parts.push(`**${escapeMarkdown(summary.short)}**`);
  if (summary.long) parts.push(escapeMarkdown(summary.long), "## Source passages", ...sources);
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
  try {
    const entries = JSON.parse(localStorage.getItem(STORAGE_KEY));
    return Array.isArray(entries) ? entries.filter(isComplete) : [];
  } catch {
    return []; // the storage is not available, or its content is not JSON
  }
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

/** Save a summary, and as many older ones as the storage can hold; returns its id. */
export function saveSummary(summary, sent) {
  const id = crypto.getRandomValues(new Uint32Array(1))[0].toString(36);
  let entries = [{ id, savedAt: Date.now(), summary, sent }, ...savedSummaries()].slice(0, MAX_SAVED);
  for (; entries.length; entries = entries.slice(0, -1)) {
    try {
      localStorage.setItem(STORAGE_KEY, JSON.stringify(entries));
      break;
    } catch {
      continue; // the storage is full; try without the oldest entry
    }
  }
  return id;
}

/** Delete all saved summaries. */
export function deleteSummaries() {
  try {
    localStorage.removeItem(STORAGE_KEY);
  } catch {
    // the storage is not available, so it contains nothing
  }
}
