// The API's page: what stands in its field goes to the service, and the answer below it, as it comes.

const form = document.getElementById("try");
const button = form.querySelector("button");
const status = document.getElementById("status");
const shown = document.getElementById("answer");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  button.disabled = true;
  status.textContent = "Sent …";
  shown.hidden = true;
  shown.textContent = "";
  const began = performance.now();
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        Accept: document.getElementById("as-events").checked ? "text/event-stream" : "application/json",
      },
      body: document.getElementById("body").value,
    });
    shown.hidden = false;
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) shown.append(part.value);
    const seconds = ((performance.now() - began) / 1000).toFixed(2);
    status.textContent = `${answer.status} ${answer.headers.get("Content-Type")}, ${seconds} s`;
  } catch {
    status.textContent = "The service cannot be reached. See whether it still runs, and send it again.";
  }
  shown.textContent = indented(shown.textContent);
  button.disabled = false;
});
form.hidden = false;

function indented(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text; // events
  }
}
