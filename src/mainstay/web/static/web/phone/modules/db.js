/* The phone's own database: a few stores, promises, several stores in one transaction. Its name is the application's. */

import { setting } from "./base.js";

const NAME = setting.database;
const STORES = ["meta", "drafts", "queue", "photos"];
let opening = null;

function open() {
  opening ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => STORES.forEach(store => asked.result.createObjectStore(store, { keyPath: "key" }));
    asked.onerror = () => reject(asked.error);
    asked.onsuccess = () => {
      asked.result.onversionchange = () => asked.result.close();
      resolve(asked.result);
    };
  });
  return opening;
}

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

export async function get(store, key) {
  return done((await open()).transaction(store).objectStore(store).get(key));
}

export async function all(store) {
  return done((await open()).transaction(store).objectStore(store).getAll());
}

/** Write and delete in one transaction, on the disk when the promise is kept: changes are [store, row] or [store, key, "delete"]. */
export async function write(...changes) {
  const base = await open();
  const stores = [...new Set(changes.map(change => change[0]))];
  const work = base.transaction(stores, "readwrite", { durability: "strict" });
  for (const [store, row, what] of changes) {
    if (what === "delete") work.objectStore(store).delete(row);
    else work.objectStore(store).put(row);
  }
  return new Promise((resolve, reject) => {
    work.oncomplete = resolve;
    work.onabort = work.onerror = () => reject(work.error);
  });
}

/** Forget everything on this phone. */
export async function destroy() {
  const base = await open();
  const work = base.transaction(STORES, "readwrite", { durability: "strict" });
  STORES.forEach(store => work.objectStore(store).clear());
  return new Promise((resolve, reject) => { work.oncomplete = resolve; work.onabort = () => reject(work.error); });
}
