import { readFile } from "node:fs/promises";

const answer = await fetch("http://127.0.0.1:8000/summarize", {
  method: "POST",
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify({ text: await readFile("article.txt", "utf8") }),
});
const summary = await answer.json();
if (!answer.ok) throw new Error(summary.detail);

console.log(summary.title);
console.log(summary.short);
const characters = [...summary.article]; // spans count Unicode characters, not UTF-16 code units
for (const sentence of summary.sentences.long) {
  console.log("-", sentence.text);
  for (const { start, end } of sentence.evidence) console.log("  source:", characters.slice(start, end).join(""));
}
