/* Asking the server. Three ends: an answer, "no network", "signed out" — never a half-truth. */

import { setting } from "./base.js";

/** Why a request brought nothing: `offline`, `signed_out`, `busy` (5xx), or the server's own code with its message. */
export class Fault extends Error {
  constructor(code, message = "", status = 0, more = {}) {
    super(message || code);
    Object.assign(this, { code, status, more });
  }
}

/** Ask an address; returns the JSON of the answer, throws a Fault. */
export async function call(address, options = {}) {
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

/** Where somebody signs in, to come back to this application. */
export const loginAddress = () => `${setting.addresses.login}?next=${encodeURIComponent(setting.addresses.app)}`;
