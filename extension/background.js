// A click on the extension's button opens the panel for the tab.

import { browser, requestSummary } from "./browser.js";

browser.action.onClicked.addListener((tab) => {
  // The panel opens before anything is awaited: afterwards the browser no longer takes it for the user's wish.
  if (browser.sidePanel) browser.sidePanel.open({ tabId: tab.id });
  else browser.sidebarAction.open();
  requestSummary(tab);
});
