// The API page: copies its examples; its form sends a request and shows the response as it arrives.

import { copyText } from "./save.js";

const form = document.getElementById("try");
const button = form.querySelector("button");
const status = document.getElementById("status");
const output = document.getElementById("response");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  button.disabled = true;
  status.textContent = "Sending…";
  output.hidden = true;
  output.textContent = "";
  const started = performance.now();
  try {
    const response = await fetch(form.action, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        Accept: document.getElementById("as-events").checked ? "text/event-stream" : "application/json",
      },
      body: document.getElementById("body").value,
    });
    output.hidden = false;
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) output.append(part.value);
    const seconds = ((performance.now() - started) / 1000).toFixed(2);
    status.textContent = `${response.status} ${response.headers.get("Content-Type")}, ${seconds} s`;
  } catch {
    status.textContent = "The server cannot be reached. Check that it is running and try again.";
  }
  output.textContent = indentJson(output.textContent);
  button.disabled = false;
});
form.hidden = false;

for (const sample of document.querySelectorAll(".docs pre:not(#response)")) {
  const copy = Object.assign(document.createElement("button"), { type: "button", className: "secondary copy", textContent: "Copy" });
  copy.addEventListener("click", async () => {
    copy.textContent = (await copyText(sample.textContent)) ? "Copied" : "Select and copy it";
    setTimeout(() => { copy.textContent = "Copy"; }, 4000);
  });
  sample.before(copy);
}

function indentJson(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text; // events
  }
}
