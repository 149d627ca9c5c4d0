// The options: where the user's service is, and how to ask it.

import { browser, readOptions, saveOptions } from "./browser.js";

const form = document.querySelector("form");
const state = document.getElementById("state");

for (const [name, value] of Object.entries(await readOptions())) form.elements[name].value = value;

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const options = Object.fromEntries(new FormData(form));
  const { origin, hostname, protocol } = new URL(options.address);
  if (!["http:", "https:"].includes(protocol)) {
    state.textContent = "The address must begin with http:// or https://.";
    return;
  }
  // Patterns of permissions have no port. Browsers ask only after a click, so nothing is awaited before this.
  const isAllowed = await browser.permissions.request({ origins: [`${protocol}//${hostname}/*`] });
  if (!isAllowed) {
    state.textContent = "Not saved: without the permission the extension cannot reach this address.";
    return;
  }
  await saveOptions({ ...options, address: origin });
  form.elements.address.value = origin;
  state.textContent = await describe(origin);
});

async function describe(origin) {
  try {
    const response = await fetch(new URL("/healthz", origin));
    return response.ok ? "Saved. The service answers." : `Saved, but the service answered with status ${response.status}.`;
  } catch {
    return "Saved, but nothing answers at this address at the moment.";
  }
}
