/* Asking the server. Three ends: an answer, "no network", "signed out" — never a half-truth. */

import { setting } from "./base.js";

/** Why a request brought nothing: `offline`, `signed_out`, `busy` (5xx), or the server's own code with its message. */
export class Fault extends Error {
  constructor(code, message = "", status = 0, more = {}) {
    super(message || code);
    Object.assign(this, { code, status, more });
  }
}

async function call(address, options = {}) {
  let answer;
  try {
    answer = await fetch(address, {
      credentials: "same-origin", redirect: "manual", cache: "no-store", signal: AbortSignal.timeout(60_000), ...options,
      headers: { Accept: "application/json", ...options.headers },
    });
  } catch {
    throw new Fault("offline");
  }
  if (answer.type === "opaqueredirect") throw new Fault("signed_out"); // led to the log-in or to a due password
  let facts;
  try {
    facts = await answer.json();
  } catch {
    throw new Fault(answer.status === 403 ? "token" : "busy", "", answer.status);
  }
  if (answer.ok) return facts;
  if (answer.status >= 500) throw new Fault("busy", "", answer.status);
  const { code, message, ...more } = facts.error || {};
  throw new Fault(code || "busy", message, answer.status, more);
}

const quietly = poll => (poll ? { "X-Poll": "1" } : {});

export const session = ({ poll = false } = {}) => call(setting.addresses.session, { headers: quietly(poll) });

export const recovery = device => call(`${setting.addresses.recovery}?device=${encodeURIComponent(device)}`);

export const packet = device => call(`${setting.addresses.packet}?device=${encodeURIComponent(device)}`);

export const record = (body, csrf) => call(setting.addresses.records, {
  method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json", "X-CSRFToken": csrf },
});

export const standing = id => call(`${setting.addresses.records}${id}/`);

export const numbers = (device, count, csrf) => call(setting.addresses.numbers, {
  method: "POST", body: JSON.stringify({ device, count }),
  headers: { "Content-Type": "application/json", "X-CSRFToken": csrf },
});

export function photo(id, hash, bytes, type, csrf) {
  const form = new FormData();
  form.append("file", new Blob([bytes], { type }), `${hash.slice(0, 12)}.${type === "image/png" ? "png" : "jpg"}`);
  return call(`${setting.addresses.records}${id}/photos/${hash}/`, {
    method: "POST", body: form, headers: { "X-CSRFToken": csrf },
  });
}
