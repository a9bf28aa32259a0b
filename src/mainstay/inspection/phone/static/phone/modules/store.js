/* What the phone holds: the packet, drafts, photos, numbers. Everything sealed; `state` is the open copy of this page. */

import { isoDay } from "../../web/phone/modules/base.js";
import * as db from "../../web/phone/modules/db.js";
import * as net from "./net.js";
import * as vault from "../../web/phone/modules/vault.js";

export const state = { packet: null, expired: false, drafts: new Map(), queue: new Map(), used: [], session: null };
const LENT = 10;

/** Read everything after the phone was opened. */
export async function load() {
  state.packet = null;
  const row = await db.get("meta", "packet");
  if (row) {
    if (new Date(row.expires_at) > new Date()) state.packet = await vault.unseal("packet", row.sealed);
    else {
      await db.write(["meta", "packet", "delete"]); // the packet expires; what was recorded never does
      state.expired = true;
    }
  }
  state.drafts.clear();
  for (const one of await db.all("drafts")) state.drafts.set(one.key, await vault.unseal(`drafts:${one.key}`, one.sealed));
  state.queue.clear();
  for (const { sealed, ...one } of await db.all("queue")) {
    state.queue.set(one.key, { ...one, ...(await vault.unseal(`queue:${one.key}`, sealed)) });
  }
  state.used = (await db.get("meta", "used"))?.numbers || [];
}

/** Fetch a fresh packet, and numbers when they run low. Throws a Fault. */
export async function refresh() {
  const { device, user } = vault.person();
  const { csrf, may_issue: mayIssue, days } = await net.session();
  const found = await net.packet(device);
  if (found.user.id !== user.id) throw new net.Fault("other_person", found.user.name);
  state.session = { user: found.user, csrf };
  if (mayIssue && found.assignments.length && freeIn(found.numbers).length < LENT / 2) {
    found.numbers = await net.numbers(device, LENT, csrf).catch(() => found.numbers);
  }
  Object.assign(found, { mayIssue, days });
  delete found.csrf;
  await db.write(["meta", { key: "packet", expires_at: found.expires_at, sealed: await vault.seal("packet", found) }]);
  state.packet = found;
  state.expired = false;
}

function freeIn(block) {
  if (!block || new Date(block.expires_at) < new Date()) return [];
  return block.numbers.filter(number => !state.used.includes(number));
}

export const numbersLeft = () => freeIn(state.packet?.numbers).length;

/** Take the next number for good: it is never given out twice, whatever becomes of the draft. Null when none is left. */
export async function takeNumber() {
  const number = freeIn(state.packet?.numbers)[0];
  if (!number) return null;
  state.used.push(number);
  await db.write(["meta", { key: "used", numbers: state.used.slice(-200) }]);
  return number;
}

export const assignment = id => state.packet?.assignments.find(one => one.id === id) || null;

export const campaignOf = work => state.packet.campaigns.find(one => one.id === work.campaign);

/** A round of a patrol shows in its days; one with work on this phone always. */
export function inItsDays(work) {
  const { recurring, from_on: from, until_on: until } = campaignOf(work);
  return !recurring || Boolean(draftOf(work.id)) || (from <= isoDay() && isoDay() <= until);
}

export const draftOf = id => [...state.drafts.values()].find(one => one.assignment === id) || null;

export const entryOf = id => [...state.queue.values()].filter(one => one.assignment === id).pop() || null;

export function groupOf(work) {
  return campaignOf(work).groups.find(one => one.id === work.group) || { members: [] };
}

export const sectionsOf = campaign => campaign.checklists.flatMap(list => list.sections);

export const itemsOf = campaign => sectionsOf(campaign).flatMap(section => section.items);

/** Begin a visit. One that changes what stands takes over its record, answers and pictures. */
export async function begin(work, outcome, change = null) {
  const id = crypto.randomUUID();
  const body = change?.body;
  const draft = {
    id, record: change ? change.record : id, assignment: work.id, base: work.revision, outcome, reason: "",
    arrived_at: new Date().toISOString(), position: null, note: body?.note || "", answers: structuredClone(body?.answers || {}),
    photos: structuredClone(body?.photos || []), signatures: [], notices: structuredClone(body?.notices || []),
    section: 0, title: work.target.name, code: work.target.code,
  };
  await save(draft);
  return draft;
}

let saving = Promise.resolve();

/** Write a draft, with pictures that belong to it, in one transaction. Called at every tap; writes stay in order. */
export function save(draft, photos = []) {
  state.drafts.set(draft.id, draft);
  const copy = structuredClone(draft);
  const work = saving.then(async () => {
    const sealed = await vault.seal(`drafts:${copy.id}`, copy);
    await db.write(["drafts", { key: copy.id, sealed }], ...photos.map(row => ["photos", row]));
  });
  saving = work.catch(() => {});
  return work;
}

const place = (owner, hash) => `${owner}:${hash}`;

/** The row of a picture: `owner` is the id of its draft. */
export async function photoRow(owner, hash, bytes, type) {
  const key = place(owner, hash);
  return { key, owner, hash, type, size: bytes.byteLength, sealed: await vault.seal(`photos:${key}`, bytes) };
}

export async function photoBytes(owner, hash) {
  const row = await db.get("photos", place(owner, hash));
  return row ? { bytes: await vault.unsealBytes(`photos:${row.key}`, row.sealed), type: row.type } : null;
}

export const photosOf = async owner => (await db.all("photos")).filter(row => row.owner === owner);

/** Throw a draft away with its pictures; numbers of notices stay taken. */
export async function drop(draft) {
  await saving;
  state.drafts.delete(draft.id);
  const rows = await photosOf(draft.id);
  await db.write(["drafts", draft.id, "delete"], ...rows.map(row => ["photos", row.key, "delete"]));
}

/** What a record sends, made of a draft. */
export function bodyOf(draft) {
  const request = draft.outcome === "exempt";
  return {
    id: crypto.randomUUID(), record: draft.record, assignment: draft.assignment, base: draft.base,
    outcome: request ? "partial" : draft.outcome, arrived_at: draft.arrived_at, left_at: new Date().toISOString(),
    device: vault.person().device, scanned: Boolean(draft.scanned), exemption: request ? draft.note.trim().slice(0, 200) : "", position: draft.position, note: draft.note, answers: draft.answers,
    photos: draft.photos, signatures: draft.signatures, notices: draft.notices,
  };
}

/** Move a finished draft into the queue: one transaction, so that it is never in both or in neither. */
export async function enqueue(draft, body) {
  await saving;
  const entry = {
    key: draft.id, assignment: draft.assignment, state: "waiting", tries: 0, next_at: 0, since: new Date().toISOString(),
    arrived: false, missing: null, error: null, title: draft.title, code: draft.code, body, draft,
  };
  state.drafts.delete(draft.id);
  state.queue.set(entry.key, entry);
  await db.write(["drafts", draft.id, "delete"], ["queue", await queueRow(entry)]);
}

async function queueRow(entry) {
  const { key, assignment: work, state: now, since } = entry;
  return { key, assignment: work, state: now, since, sealed: await vault.seal(`queue:${key}`, entry) };
}

export async function keep(entry) {
  await db.write(["queue", await queueRow(entry)]);
}

/** The server has all parts: the record and its pictures leave the phone; a line that it arrived stays for three days. */
export async function arrived(entry) {
  const rows = await photosOf(entry.key);
  const line = { ...entry, state: "done", numbers: entry.body.notices.map(one => one.number), body: null, draft: null, error: null, missing: [], done_at: new Date().toISOString() };
  state.queue.set(entry.key, line);
  await db.write(["queue", await queueRow(line)], ...rows.map(row => ["photos", row.key, "delete"]));
}

/** Take a record out of the queue for good. */
export async function forget(entry) {
  const rows = await photosOf(entry.key);
  state.queue.delete(entry.key);
  await db.write(["queue", entry.key, "delete"], ...rows.map(row => ["photos", row.key, "delete"]));
}

/** Take a record that was refused back into work: the same visit, sent later under a new id. */
export async function reopen(entry) {
  const draft = { ...entry.draft };
  state.queue.delete(entry.key);
  state.drafts.set(draft.id, draft);
  const sealed = await vault.seal(`drafts:${draft.id}`, draft);
  await db.write(["queue", entry.key, "delete"], ["drafts", { key: draft.id, sealed }]);
  return draft;
}

/** Tell the open copy what the server said, so that the next visit builds on it before the next packet. */
export async function advance(entry, facts) {
  const work = assignment(entry.assignment);
  if (!work) return;
  const states = { done: "done", partial: "visited", nobody_home: "unreachable", refused: "refused" };
  Object.assign(work, { revision: facts.revision, state: states[entry.body.outcome] });
  if (["done", "partial"].includes(entry.body.outcome)) work.record = { record: facts.record, body: entry.body };
  const row = await db.get("meta", "packet");
  if (row) await db.write(["meta", { ...row, sealed: await vault.seal("packet", state.packet) }]);
}
