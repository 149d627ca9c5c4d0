// Functions that run in the page. Each is sent there alone, so it uses nothing from outside itself.

/** What to summarize: the selected text, or the page. */
export function readPage() {
  return { selection: String(getSelection()), html: document.documentElement.outerHTML };
}

/**
 * Highlight passages and scroll to the first one; returns whether it was found.
 *
 * White space and invisible characters do not count: the page has them in other places than the article.
 */
export function showPassages(passages) {
  const name = "article-summarizer";
  const ignored = /[\s\u00ad\u200b\u2060]/;
  const letters = []; // of the page, each with its place
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT, (node) =>
    node.parentElement?.closest("script, style, noscript, template, textarea") ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT,
  );
  while (walker.nextNode()) {
    const node = walker.currentNode;
    for (let offset = 0; offset < node.length; offset++) {
      if (!ignored.test(node.data[offset])) letters.push([node.data[offset], node, offset]);
    }
  }
  const text = letters.map(([letter]) => letter).join("");
  const ranges = [];
  for (const passage of passages) {
    const wanted = [...passage].filter((letter) => !ignored.test(letter)).join("");
    const start = text.indexOf(wanted);
    if (start < 0 || !wanted) continue;
    const range = new Range();
    range.setStart(letters[start][1], letters[start][2]);
    const [, last, offset] = letters[start + wanted.length - 1];
    range.setEnd(last, offset + 1);
    ranges.push(range);
  }
  if (!document.getElementById(name)) {
    const style = Object.assign(document.createElement("style"), { id: name });
    style.textContent = `::highlight(${name}) { background: #f8dc7f; color: #1b1b1b; }`;
    document.head.append(style);
  }
  CSS.highlights.set(name, new Highlight(...ranges));
  ranges[0]?.startContainer.parentElement.scrollIntoView({ block: "center" });
  return ranges.length > 0;
}
