// A page copied from a browser → its HTML, which shows better than its text where the article is.

// With fewer links it is an article by itself, and with fewer paragraphs the HTML does not show where the article is.
// Nearly all real pages have more of both.
const MIN_LINKS = 20;
const MIN_PARAGRAPHS = 3;

/** The HTML of the page that was pasted into a text field, as long as the field has exactly that page's text. */
export class PastedPage {
  #field;
  #maxBytes;
  #copied = ""; // the HTML of a paste whose text is not in the field yet
  #html = "";
  #text = "";

  /**
   * @param maxBytes the size of the largest page that the server accepts.
   * @param onChange called after each change of the field.
   */
  constructor(field, maxBytes, onChange) {
    this.#field = field;
    this.#maxBytes = maxBytes;
    field.addEventListener("paste", (event) => {
      const html = event.clipboardData?.getData("text/html") ?? "";
      const replacesAll = field.selectionStart === 0 && field.selectionEnd === field.value.length;
      this.#copied = replacesAll && this.#isWholePage(html) ? html : "";
    });
    field.addEventListener("input", (event) => {
      if (event.inputType === "insertFromPaste") {
        this.#html = this.#copied;
        this.#text = field.value;
      }
      this.#copied = "";
      onChange();
    });
  }

  /** The HTML; "" if no page was pasted, or its text has been changed. */
  get html() {
    return this.#field.value === this.#text ? this.#html : "";
  }

  /** Use the text alone. */
  forget() {
    this.#html = this.#text = "";
  }

  #isWholePage(html) {
    const count = (tag) => (html.match(tag) ?? []).length;
    const isPage = count(/<a[\s>]/gi) >= MIN_LINKS && count(/<p[\s>]/gi) >= MIN_PARAGRAPHS;
    return isPage && new Blob([html]).size < 0.9 * this.#maxBytes; // the form has other fields, too
  }
}
