// A bookmark that opens this page with the article that its reader is looking at. The article is in the fragment of the
// address, which browsers do not send. A secret of this browser shows that the reader pressed the bookmark: another site
// could open such an address, too.

import { recall, remember } from "./storage.js";

const SECRET_KEY = "bookmark";
const MARK = "#page=";
const MAX_CHARACTERS = 600_000; // of a page's HTML; Chromium opens addresses of up to two million, some for one character

/** The address of the bookmark; "" if this browser cannot remember the secret. */
export function bookmarkAddress() {
  const secret = recall(SECRET_KEY) ?? [...crypto.getRandomValues(new Uint32Array(4))].map((part) => part.toString(36)).join("");
  if (!remember(SECRET_KEY, secret)) return "";
  const target = location.origin + location.pathname + MARK + secret;
  return `javascript:(${sendPage})(${JSON.stringify(target)},${MAX_CHARACTERS})`;
}

/** The page that a bookmark sent, {text, html, isOwn}, or null; it is taken out of the address. */
export function takePage() {
  if (!location.hash.startsWith(MARK)) return null;
  const [secret, page = ""] = location.hash.slice(MARK.length).split(/,(.*)/s);
  history.replaceState(null, "", location.pathname);
  try {
    const { text, html = "" } = JSON.parse(decodeURIComponent(page));
    return { text: String(text), html: String(html), isOwn: secret === recall(SECRET_KEY) };
  } catch {
    return null; // the address was cut
  }
}

/** Runs in the page that is read, alone, so it uses nothing from outside itself. */
function sendPage(target, maxCharacters) {
  const selection = String(getSelection()).trim();
  const copy = document.documentElement.cloneNode(true);
  for (const part of copy.querySelectorAll("script,style,svg,template,iframe")) part.remove();
  const html = copy.outerHTML;
  const text = document.body.innerText;
  const page = selection ? { text: selection } : html.length > maxCharacters ? { text } : { text, html };
  open(`${target},${encodeURIComponent(JSON.stringify(page))}`);
}
