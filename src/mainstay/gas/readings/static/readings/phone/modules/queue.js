/* Sending: readings by the hundred with an answer for each, pictures one by one. What stands still stops no other, and the
   server's word alone takes anything off the phone. Sending again is harmless: every reading has its own key. */

import { setting, t } from "../../../web/phone/modules/base.js";
import * as net from "../../../web/phone/modules/net.js";
import * as vault from "../../../web/phone/modules/vault.js";
import { backoff } from "./rules.js";
import * as store from "./store.js";

export const status = { running: false, problem: "" };
const listeners = new Set();
const STUCK = ["refused", "differs"]; // these wait for a person
const AT_ONCE = 100;
const EVERY = 15_000;

export const onChange = listener => listeners.add(listener);

const changed = () => listeners.forEach(listener => listener());

/** What the server does not have yet, or what a person has to look at. */
export const unsent = () => [...store.state.queue.values()];

const open = entry => (entry.sent ? entry.photos.length > 0 : !STUCK.includes(entry.state));

const due = (entry, now) => open(entry) && entry.next_at <= now;

/** Send what is due. `now`: also what waits for its next try, asked for by a person. One sender at a time on a phone. */
export async function flush({ now = false } = {}) {
  if (!vault.isOpen() || status.running) return;
  await navigator.locks.request("mainstay-rounds-queue", { ifAvailable: true }, async lock => {
    if (!lock) return;
    const waiting = unsent().filter(one => (now ? open(one) : due(one, Date.now())));
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
  if (store.state.session.user.id !== vault.person().user.id) {
    status.problem = "other_person";
    return;
  }
  status.problem = "";
  const fresh = waiting.filter(one => !one.sent);
  for (let begin = 0; begin < fresh.length; begin += AT_ONCE) {
    if (!(await sendSome(fresh.slice(begin, begin + AT_ONCE)))) return;
    changed();
  }
  for (const entry of waiting.filter(one => one.sent && one.photos.length)) {
    await sendPhotos(entry);
    if (status.problem) return;
    changed();
  }
}

/** Send a hundred; false when there is no use in going on. */
async function sendSome(entries) {
  const bodies = kind => entries.filter(one => one.kind === kind).map(one => one.body);
  const headers = { "Content-Type": "application/json", "X-CSRFToken": store.state.session.csrf };
  entries.forEach(one => { one.tries += 1; });
  await store.keep(...entries); // from now on the server may have them: they are never replaced
  let answers;
  try {
    answers = await net.call(setting.addresses.send, {
      method: "POST", headers, body: JSON.stringify({ readings: bodies("reading"), visits: bodies("visit") }),
    });
  } catch (fault) {
    if (!(fault instanceof net.Fault)) throw fault;
    status.problem = ["offline", "signed_out"].includes(fault.code) ? fault.code : "busy";
    entries.forEach(one => { one.next_at = Date.now() + 1000 * backoff(one.tries); });
    await store.keep(...entries);
    return false;
  }
  const found = new Map([...answers.readings, ...answers.visits].map(one => [one.client_key, one]));
  for (const entry of entries) settle(entry, found.get(entry.key));
  await store.remember();
  await store.keep(...entries);
  await store.forget(...entries.filter(one => one.state === "done"));
  return true;
}

/** What the server's answer means for an entry. */
function settle(entry, answer) {
  if (!answer) return;
  if (answer.outcome === "refused") {
    Object.assign(entry, { state: "refused", error: { code: answer.code, message: answer.message } });
    return;
  }
  entry.sent = true;
  const place = store.meter(entry.installation);
  if (place && entry.kind === "visit") place.row.visit = { reason: entry.body.reason, on: entry.body.on };
  if (place && answer.reading) place.row.reading = answer.others?.find(one => one.state === 3) || answer.reading;
  if (answer.others?.length) Object.assign(entry, { state: "differs", others: answer.others, doubts: answer.doubts });
  else entry.state = entry.photos.length ? "sending" : "done";
}

async function sendPhotos(entry) {
  for (const hash of [...entry.photos]) {
    const kept = await store.photoBytes(entry, hash);
    if (!kept) {
      entry.error = { code: "photo_lost", message: t("photo_lost") };
      entry.photos = entry.photos.filter(one => one !== hash);
      continue;
    }
    const form = new FormData();
    form.append("installation", entry.installation);
    form.append("period", entry.body.period);
    form.append("digest", hash);
    form.append("file", new Blob([kept.bytes], { type: kept.type }), `${hash.slice(0, 12)}.jpg`);
    try {
      await net.call(setting.addresses.photos, { method: "POST", body: form, headers: { "X-CSRFToken": store.state.session.csrf } });
      await store.photoSent(entry, hash);
    } catch (fault) {
      if (!(fault instanceof net.Fault)) throw fault;
      entry.tries += 1;
      entry.next_at = Date.now() + 1000 * backoff(entry.tries);
      entry.error = { code: fault.code, message: fault.message };
      if (["offline", "signed_out"].includes(fault.code)) {
        status.problem = fault.code;
        break;
      }
    }
  }
  if (!entry.photos.length && entry.state === "sending") await store.forget(entry);
  else await store.keep(entry);
}

/** Somebody has seen that a meter was read twice, or gives up what was refused. */
export async function seen(entry) {
  if (entry.sent && entry.photos.length) {
    entry.state = "sending"; // its pictures are not all with the server yet
    await store.keep(entry);
  } else await store.forget(entry);
  changed();
}

/** Flush on load, when the network is back, when the page is looked at, and every quarter of a minute. */
export function watch() {
  const go = () => void flush();
  addEventListener("online", go);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && go());
  setInterval(go, EVERY);
  go();
}
