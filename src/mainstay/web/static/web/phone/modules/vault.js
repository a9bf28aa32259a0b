/* Everything on the phone is sealed with AES-GCM under one random key. That key is kept twice, wrapped: by a key made of
   the PIN (PBKDF2), and by one that only the server gives, to the person who is signed in: for a forgotten PIN. */

import * as db from "./db.js";

const ROUNDS = 600_000;
const FREE_TRIES = 5;
let key = null;
let owner = null;

export const isOpen = () => key !== null;
export const person = () => owner;

/** Who set this phone up, without opening it: null on a new phone. */
export async function known() {
  const row = await db.get("meta", "keys");
  return row ? { user: row.user, device: row.device } : null;
}

const random = size => crypto.getRandomValues(new Uint8Array(size));
const aes = (raw, uses) => crypto.subtle.importKey("raw", raw, "AES-GCM", false, uses);

async function fromPin(pin, salt, rounds) {
  const base = await crypto.subtle.importKey("raw", new TextEncoder().encode(pin), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds };
  return crypto.subtle.deriveKey(how, base, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

async function lock(under, bytes, label) {
  const iv = random(12);
  const how = { name: "AES-GCM", iv, additionalData: new TextEncoder().encode(label) };
  return { iv, data: await crypto.subtle.encrypt(how, under, bytes) };
}

async function unlock(under, sealed, label) {
  const how = { name: "AES-GCM", iv: sealed.iv, additionalData: new TextEncoder().encode(label) };
  return crypto.subtle.decrypt(how, under, sealed.data);
}

async function wrapped(raw, pin) {
  const salt = random(16);
  return { salt, rounds: ROUNDS, pin: await lock(await fromPin(pin, salt, ROUNDS), raw, "pin"), wrong: 0, wait_until: 0 };
}

/** Make the keys of a new phone. `recovery` is the server's key, 32 bytes. */
export async function create(pin, recovery, user, device) {
  const raw = random(32);
  const server = await lock(await aes(recovery, ["encrypt"]), raw, "server");
  await db.write(["meta", { key: "keys", user, device, server, ...(await wrapped(raw, pin)) }]);
  key = await aes(raw, ["encrypt", "decrypt"]);
  owner = { user, device };
}

/** Open with the PIN: "" or how many seconds to wait; "wrong" for another PIN. After five wrong ones each costs twice the wait. */
export async function open(pin) {
  const row = await db.get("meta", "keys");
  const left = Math.ceil((row.wait_until - Date.now()) / 1000);
  if (left > 0) return left;
  let raw;
  try {
    raw = await unlock(await fromPin(pin, row.salt, row.rounds), row.pin, "pin");
  } catch {
    row.wrong += 1;
    if (row.wrong >= FREE_TRIES) row.wait_until = Date.now() + 1000 * 2 ** Math.min(row.wrong - FREE_TRIES + 3, 12);
    await db.write(["meta", row]);
    return "wrong";
  }
  if (row.wrong) await db.write(["meta", { ...row, wrong: 0, wait_until: 0 }]);
  key = await aes(raw, ["encrypt", "decrypt"]);
  owner = { user: row.user, device: row.device };
  return "";
}

/** Open with the server's key and choose another PIN. Throws when the key does not fit. */
export async function recover(recovery, pin) {
  const row = await db.get("meta", "keys");
  const raw = await unlock(await aes(recovery, ["decrypt"]), row.server, "server");
  await db.write(["meta", { ...row, ...(await wrapped(raw, pin)) }]);
  key = await aes(raw, ["encrypt", "decrypt"]);
  owner = { user: row.user, device: row.device };
}

export function close() {
  key = owner = null;
}

/** Seal a value or an ArrayBuffer for a place ("drafts:ID"): what is sealed for one place opens at no other. */
export async function seal(place, value) {
  const bytes = value instanceof ArrayBuffer ? value : new TextEncoder().encode(JSON.stringify(value));
  return lock(key, bytes, place);
}

export async function unsealBytes(place, sealed) {
  return unlock(key, sealed, place);
}

export async function unseal(place, sealed) {
  return JSON.parse(new TextDecoder().decode(await unlock(key, sealed, place)));
}
