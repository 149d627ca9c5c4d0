// The API's page: what stands in its field goes to the service, and the answer below it.

const form = document.getElementById("try");
const status = document.getElementById("status");
const shown = document.getElementById("answer");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  status.textContent = "Sent …";
  shown.hidden = true;
  const began = performance.now();
  const accept = document.getElementById("as-events").checked ? "text/event-stream" : "application/json";
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: accept },
      body: document.getElementById("body").value,
    });
    const text = await answer.text();
    const seconds = ((performance.now() - began) / 1000).toFixed(2);
    status.textContent = `${answer.status} ${answer.headers.get("Content-Type")}, ${seconds} s`;
    shown.textContent = answer.headers.get("Content-Type").includes("json") ? JSON.stringify(JSON.parse(text), null, 2) : text;
    shown.hidden = false;
  } catch {
    status.textContent = "The service cannot be reached. See whether it still runs, and send it again.";
  }
});
form.hidden = false;
