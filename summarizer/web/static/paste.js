// A page copied from a browser → its HTML, which shows better than its text where the article is.

// With fewer links it is an article by itself, and with fewer paragraphs the HTML does not show where the article is.
// Nearly all real pages have more of both.
const MIN_LINKS = 20;
const MIN_PARAGRAPHS = 3;

/** What was pasted over all of a text field, and the HTML if it was a page; as long as the field has exactly its text. */
export class PastedPage {
  #field;
  #maxBytes;
  #copied = null; // the HTML of a paste whose text is not in the field yet; "" if it is no page
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
      this.#copied = replacesAll ? (this.#isWholePage(html) ? html : "") : null;
    });
    field.addEventListener("input", (event) => {
      if (event.inputType === "insertFromPaste" && this.#copied !== null) {
        this.#html = this.#copied;
        this.#text = field.value;
      }
      this.#copied = null;
      onChange();
    });
  }

  /** The HTML; "" if no page was pasted, or its text has been changed. */
  get html() {
    return this.#field.value === this.#text ? this.#html : "";
  }

  /** Whether the field has what was pasted, and nothing else. */
  get fillsField() {
    return this.#text !== "" && this.#field.value === this.#text;
  }

  /** The field was filled with the text of a page, and this is its HTML; "" if that is not known. */
  take(html) {
    this.#html = this.#isWholePage(html) ? html : "";
    this.#text = this.#field.value;
  }

  /** Use the text alone. */
  forget() {
    this.#html = "";
  }

  #isWholePage(html) {
    const count = (tag) => (html.match(tag) ?? []).length;
    const isPage = count(/<a[\s>]/gi) >= MIN_LINKS && count(/<p[\s>]/gi) >= MIN_PARAGRAPHS;
    return isPage && new Blob([html]).size < 0.9 * this.#maxBytes; // the form has other fields, too
  }
}
