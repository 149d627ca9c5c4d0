// A bookmark that opens this page with the article that its reader is looking at. The article is in the fragment of the
// address, which browsers send to no server. Other sites could open such an address, too; a secret keeps those from
// starting a summary on which the bookmark was never pressed.

import { recall, remember } from "./storage.js";

const SECRET_KEY = "bookmark";
const MARK = "#page=";
const MAX_CHARACTERS = 1_500_000; // of an address; Chromium opens those of up to two million

/** The address of the bookmark; "" if this browser cannot remember the secret. */
export function bookmarkAddress() {
  const secret = recall(SECRET_KEY) ?? [...crypto.getRandomValues(new Uint32Array(4))].map((part) => part.toString(36)).join("");
  if (!remember(SECRET_KEY, secret)) return "";
  const target = location.origin + location.pathname + MARK + secret;
  return `javascript:(${sendPage})(${JSON.stringify(target)},${MAX_CHARACTERS})`;
}

/**
 * What a bookmark sent, {text, html, isOwn}, or null if the address has nothing of one; it is taken out of the address.
 * The text is empty if the address was cut.
 */
export function takePage() {
  if (!location.hash.startsWith(MARK)) return null;
  const [secret, page = ""] = location.hash.slice(MARK.length).split(/,(.*)/s);
  history.replaceState(null, "", location.pathname);
  try {
    const { text, html = "" } = JSON.parse(decodeURIComponent(page));
    return { text: String(text), html: String(html), isOwn: secret === recall(SECRET_KEY) };
  } catch {
    return { text: "", html: "", isOwn: false };
  }
}

/** Runs in the page that is read, alone, so it uses nothing from outside itself. */
function sendPage(target, maxCharacters) {
  const selection = String(getSelection()).trim();
  const text = selection || document.body.innerText;
  const copy = document.documentElement.cloneNode(true);
  for (const part of copy.querySelectorAll("script,style,svg,template,iframe")) part.remove();
  const encode = (page) => `${target},${encodeURIComponent(JSON.stringify(page))}`;
  const whole = selection ? "" : encode({ text, html: copy.outerHTML });
  const address = whole && whole.length <= maxCharacters ? whole : encode({ text });
  if (address.length <= maxCharacters) open(address);
  else alert("This page is too long for the bookmark. Select the article, then press it again.");
}
