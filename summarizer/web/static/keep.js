// What a reader takes along: summaries as text, Markdown and files, and the last twenty in this browser.
// Knows nothing of how they are shown.

const STORE = "summaries";
const MOST = 20;

/** Both lengths, or one, as plain text. */
export function asText(answer, lengths) {
  return lengths.map((length) => answer[length]).filter(Boolean).join("\n\n");
}

/** The whole summary as Markdown, each sentence of the long one with the passage that it rests on. */
export function asMarkdown(answer) {
  const characters = [...answer.article];
  const quoted = (answer.sentences.long ?? []).map((sentence) => {
    const passages = sentence.evidence.map(({ start, end }) => characters.slice(start, end).join(""));
    return `- ${escaped(sentence.text)}\n\n${passages.map((passage) => `  > ${escaped(passage)}`).join("\n  >\n")}`;
  });
  const parts = [answer.title && `# ${escaped(answer.title)}`, answer.short && `**${escaped(answer.short)}**`];
  if (answer.long) parts.push(escaped(answer.long), "## Where the article says so", ...quoted);
  return `${parts.filter(Boolean).join("\n\n")}\n`;
}

function escaped(text) {
  return text.replace(/\s+/g, " ").replace(/[\\`*_[\]<>#|]/g, "\\$&");
}

/** Put a text on the clipboard; whether that worked. */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text); // a page that came over plain HTTP has no clipboard of its own
  }
}

function copyBySelection(text) {
  const field = Object.assign(document.createElement("textarea"), { value: text, className: "off-screen" });
  document.body.append(field);
  field.select();
  const worked = document.execCommand("copy");
  field.remove();
  return worked;
}

/** Have the browser save a text as a file. */
export function download(text, title, suffix, type) {
  const name = (title || "summary").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "").slice(0, 60);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = `${name || "summary"}.${suffix}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

/** The last summaries, the latest first, each `{id, when, answer, sent}`. */
export function kept() {
  try {
    return JSON.parse(localStorage.getItem(STORE)) ?? [];
  } catch {
    return []; // there is no storage, or something else stands in it
  }
}

/** Keep a summary, and as many of those before it as there is room for; its id. */
export function keep(answer, sent) {
  const id = crypto.getRandomValues(new Uint32Array(1))[0].toString(36);
  let all = [{ id, when: Date.now(), answer, sent }, ...kept()].slice(0, MOST);
  for (; all.length; all = all.slice(0, -1)) {
    try {
      localStorage.setItem(STORE, JSON.stringify(all));
      break;
    } catch {
      continue; // it is full: without the oldest there may be room
    }
  }
  return id;
}

/** Forget all summaries. */
export function forget() {
  try {
    localStorage.removeItem(STORE);
  } catch {
    // there is no storage, and nothing in it
  }
}
