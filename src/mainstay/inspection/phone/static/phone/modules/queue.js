/* Sending. Each record is sent by itself and its pictures one by one; what stands still stops no other. The server's
   word alone ("complete") takes a record off the phone. Sending again is harmless: every body has its own id. */

import { t } from "../../web/phone/modules/base.js";
import * as net from "./net.js";
import { backoff } from "./rules.js";
import * as store from "./store.js";
import * as vault from "../../web/phone/modules/vault.js";

export const status = { running: false, problem: "" };
const listeners = new Set();
const STUCK = ["conflict", "refused"]; // these wait for a person
const DAY = 86_400_000;
const EVERY = 15_000;

export function onChange(listener) {
  listeners.add(listener);
}

function changed() {
  listeners.forEach(listener => listener());
}

export const unsent = () => [...store.state.queue.values()].filter(one => one.state !== "done");

const due = (entry, now) => !STUCK.includes(entry.state) && entry.state !== "done" && entry.next_at <= now;

/** Send what is due. `now`: also what is waiting for its next try, asked for by a person. One sender at a time on a phone. */
export async function flush({ now = false } = {}) {
  if (!vault.isOpen() || status.running) return;
  await navigator.locks.request("mainstay-phone-queue", { ifAvailable: true }, async lock => {
    if (!lock) return;
    await forgetOld();
    const waiting = unsent().filter(one => (now ? !STUCK.includes(one.state) : due(one, Date.now())));
    if (!waiting.length) return;
    status.running = true;
    changed();
    try {
      await sendAll(waiting, now);
    } finally {
      status.running = false;
      changed();
    }
  });
}

async function sendAll(waiting, now) {
  try {
    store.state.session = await net.session({ poll: !now });
  } catch (fault) {
    status.problem = fault.code;
    return;
  }
  const { user } = store.state.session;
  if (user.id !== vault.person().user.id) {
    status.problem = "other_person";
    return;
  }
  status.problem = "";
  let sent = 0;
  for (const entry of waiting) {
    if (await sendOne(entry)) sent += 1;
    changed();
    if (["offline", "signed_out"].includes(status.problem)) return;
  }
  if (sent) await store.refresh().catch(() => {});
}

/** Send one record and what the server misses of it; true when it arrived whole. */
async function sendOne(entry) {
  try {
    const facts = await net.record(entry.body, store.state.session.csrf);
    if (!entry.arrived) await store.advance(entry, facts);
    Object.assign(entry, { arrived: true, state: "sending", missing: facts.missing, error: null, hazards: facts.hazards });
    await store.keep(entry);
    if (facts.complete || (await sendPhotos(entry))) {
      await store.arrived(entry);
      return true;
    }
  } catch (fault) {
    note(entry, fault);
  }
  if (entry.state === "sending") later(entry);
  await store.keep(entry);
  return false;
}

/** Send the missing pictures; one that is refused stops none of the others. */
async function sendPhotos(entry) {
  const faults = [];
  for (const hash of [...entry.missing]) {
    const kept = await store.photoBytes(entry.key, hash);
    if (!kept) {
      faults.push(t("photo_lost"));
      continue;
    }
    try {
      const facts = await net.photo(entry.body.id, hash, kept.bytes, kept.type, store.state.session.csrf);
      entry.missing = facts.missing;
      changed();
      if (facts.complete) return true;
    } catch (fault) {
      if (["offline", "signed_out"].includes(fault.code)) throw fault;
      faults.push(fault.message);
    }
  }
  entry.error = faults.length ? { code: "photos", message: faults[0] } : null;
  return false;
}

function later(entry) {
  entry.tries += 1;
  entry.next_at = Date.now() + 1000 * backoff(entry.tries);
}

/** What a fault means for a record: try again later, or wait for a person. */
function note(entry, fault) {
  if (!(fault instanceof net.Fault)) throw fault;
  if (["offline", "signed_out"].includes(fault.code)) status.problem = fault.code;
  if (fault.code === "key_used") entry.body.id = crypto.randomUUID(); // never ours twice: send it under another id
  if (["offline", "signed_out", "busy", "token", "key_used"].includes(fault.code)) {
    entry.state = "waiting";
    later(entry);
    return;
  }
  entry.state = fault.code === "changed" ? "conflict" : "refused";
  entry.error = { code: fault.code, message: fault.message, ...fault.more };
}

/** The person decided to send his own after somebody else's: a new id, built on what stands there now. */
export async function insist(entry) {
  const { current, revision } = entry.error;
  const stands = ["done", "partial"].includes(current.outcome);
  const record = stands ? current.record : entry.body.record;
  Object.assign(entry.body, { id: crypto.randomUUID(), record, base: revision });
  Object.assign(entry.draft, { record, base: revision });
  Object.assign(entry, { state: "waiting", tries: 0, next_at: 0, error: null, arrived: false });
  await store.keep(entry);
  await flush({ now: true });
}

async function forgetOld() {
  const before = Date.now() - 3 * DAY;
  for (const one of store.state.queue.values()) {
    if (one.state === "done" && Date.parse(one.done_at) < before) await store.forget(one);
  }
}

/** Flush on load, when the network is back, when the page is looked at, and every quarter of a minute. */
export function watch() {
  const go = () => void flush();
  addEventListener("online", go);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && go());
  setInterval(go, EVERY);
  go();
}
