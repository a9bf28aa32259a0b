/* What the phone holds: the packet of books, and a queue of what was read. Everything sealed; `state` is the open copy. */

import { isoDay } from "../../../web/phone/modules/base.js";
import * as db from "../../../web/phone/modules/db.js";
import * as net from "../../../web/phone/modules/net.js";
import * as vault from "../../../web/phone/modules/vault.js";
import { setting } from "../../../web/phone/modules/base.js";
import { cubic } from "./rules.js";

export const state = { packet: null, expired: false, queue: new Map(), session: null };

/** Read everything after the phone was opened. */
export async function load() {
  state.packet = null;
  const row = await db.get("meta", "packet");
  if (row) {
    if (new Date(row.expires_at) > new Date()) state.packet = await vault.unseal("packet", row.sealed);
    else {
      await db.write(["meta", "packet", "delete"]); // the packet expires; what was read never does
      state.expired = true;
    }
  }
  state.queue.clear();
  for (const { key, sealed } of await db.all("queue")) state.queue.set(key, await vault.unseal(`queue:${key}`, sealed));
}

/** Fetch a fresh packet. Throws a Fault. */
export async function refresh() {
  const found = await net.call(setting.addresses.packet);
  const { user } = vault.person();
  if (found.user.id !== user.id) throw new net.Fault("other_person", found.user.name);
  state.session = { user: found.user, csrf: found.csrf };
  delete found.csrf;
  await keepPacket(found);
}

async function keepPacket(packet) {
  const sealed = await vault.seal("packet", packet);
  await db.write(["meta", { key: "packet", expires_at: packet.expires_at, sealed }]);
  state.packet = packet;
  state.expired = false;
}

/** Keep what the server said of some meters. */
export async function remember() {
  if (state.packet) await keepPacket(state.packet);
}

export const book = id => state.packet?.books.find(one => one.id === id) || null;

export function meter(id) {
  for (const one of state.packet?.books || []) {
    const row = one.meters.find(other => other.id === id);
    if (row) return { book: one, row };
  }
  return null;
}

/** What this phone holds of a meter that the server has not taken yet; the newest first. */
export const waitingOf = id => [...state.queue.values()].filter(one => one.installation === id && !["done", "differs"].includes(one.state)).reverse();

/** left, read, questioned, estimated, no_access; or waiting for what only this phone knows. */
export function stateOf(row) {
  const waiting = waitingOf(row.id);
  if (waiting.some(one => one.kind === "reading")) return "waiting";
  if (row.reading) return row.reading.state === 2 ? "questioned" : row.reading.source === 4 ? "estimated" : "read";
  return row.visit || waiting.length ? "no_access" : "left";
}

function entryOf(row, kind, body) {
  return {
    key: body.client_key, installation: row.id, kind, state: "waiting", tries: 0, next_at: 0, since: new Date().toISOString(),
    sent: false, photos: [], error: null, others: [], title: row.address, code: row.meter_no, body,
  };
}

async function queueRow(entry) {
  return { key: entry.key, sealed: await vault.seal(`queue:${entry.key}`, entry) };
}

/** Put a reading into the queue, with its pictures, in one transaction: it is on the disk when this returns.
    One of the same meter that was never tried to be sent is replaced: nobody else has seen it. */
export async function take(row, indexL, note = "", pictures = []) {
  const body = {
    client_key: crypto.randomUUID(), account_no: row.account_no, meter_no: row.meter_no, index_m3: cubic(indexL),
    taken_on: isoDay(), period: state.packet.period, note: note.slice(0, 120),
  };
  return add(entryOf(row, "reading", body), pictures);
}

/** Put a visit without a reading into the queue. */
export async function report(row, reason, note = "", pictures = []) {
  const body = { client_key: crypto.randomUUID(), installation: row.id, period: state.packet.period, on: isoDay(), reason, note: note.slice(0, 120) };
  return add(entryOf(row, "visit", body), pictures);
}

async function add(entry, pictures) {
  const replaced = waitingOf(entry.installation).filter(one => one.tries === 0 && !one.sent && one.state === "waiting");
  const photos = [];
  for (const { bytes, type, facts } of pictures) {
    const key = `${entry.key}:${facts.hash}`;
    photos.push({ key, owner: entry.key, hash: facts.hash, type, sealed: await vault.seal(`photos:${key}`, bytes) });
    entry.photos.push(facts.hash);
  }
  const old = replaced.flatMap(one => [["queue", one.key, "delete"], ...one.photos.map(hash => ["photos", `${one.key}:${hash}`, "delete"])]);
  await db.write(["queue", await queueRow(entry)], ...photos.map(photo => ["photos", photo]), ...old);
  replaced.forEach(one => state.queue.delete(one.key));
  state.queue.set(entry.key, entry);
  return entry;
}

/** Write entries as they are now. */
export async function keep(...entries) {
  await db.write(...await Promise.all(entries.map(async one => ["queue", await queueRow(one)])));
}

export async function photoBytes(entry, hash) {
  const row = await db.get("photos", `${entry.key}:${hash}`);
  return row ? { bytes: await vault.unsealBytes(`photos:${row.key}`, row.sealed), type: row.type } : null;
}

/** A picture is with the server: it leaves the phone. */
export async function photoSent(entry, hash) {
  entry.photos = entry.photos.filter(one => one !== hash);
  await db.write(["queue", await queueRow(entry)], ["photos", `${entry.key}:${hash}`, "delete"]);
}

/** The server has all parts of these: they leave the phone. */
export async function forget(...entries) {
  const rows = entries.flatMap(one => [["queue", one.key, "delete"], ...one.photos.map(hash => ["photos", `${one.key}:${hash}`, "delete"])]);
  if (rows.length) await db.write(...rows);
  entries.forEach(one => state.queue.delete(one.key));
}
