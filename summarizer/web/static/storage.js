// What this browser remembers between visits; nothing if its storage is not available.

/** Returns what was stored under a key, or null. */
export function recall(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null; // the storage is not available, or its content is not JSON
  }
}

/** Remember a value; returns whether there was room for it. */
export function remember(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

/** Forget what was remembered under a key. */
export function forget(key) {
  try {
    localStorage.removeItem(key);
  } catch {
    // the storage is not available, so it contains nothing
  }
}
