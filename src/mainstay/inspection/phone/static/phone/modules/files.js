/* The queue as a file: for a phone that breaks, or a record that no network wants. The pictures are inside, unsealed. */

import { isoDay } from "../../web/phone/modules/base.js";
import { fromBase64, toBase64 } from "../../web/phone/modules/base64.js";
import * as db from "../../web/phone/modules/db.js";
import * as store from "./store.js";
import * as vault from "../../web/phone/modules/vault.js";

const KIND = "mainstay-phone-queue";

/** Everything that is not sent, drafts too, as a file to keep. */
export async function exported() {
  const entries = [...store.state.queue.values()].filter(one => one.state !== "done");
  const owners = [...entries.map(one => one.key), ...store.state.drafts.keys()];
  const photos = [];
  for (const owner of owners) {
    for (const row of await store.photosOf(owner)) {
      const { bytes } = await store.photoBytes(owner, row.hash);
      photos.push({ owner, hash: row.hash, type: row.type, data: toBase64(bytes) });
    }
  }
  const content = { kind: KIND, version: 1, ...vault.person(), made_at: new Date().toISOString(),
    entries, drafts: [...store.state.drafts.values()], photos };
  const name = `mainstay-${vault.person().user.name}-${isoDay()}.json`;
  return new File([JSON.stringify(content)], name, { type: "application/json" });
}

/** Take records over from such a file; returns how many were new here. Throws Error("bad_file") or Error("other_person"). */
export async function imported(file) {
  let content;
  try {
    content = JSON.parse(await file.text());
  } catch {
    throw new Error("bad_file");
  }
  if (content?.kind !== KIND || content.version !== 1) throw new Error("bad_file");
  if (content.user.id !== vault.person().user.id) throw new Error("other_person");
  const has = key => store.state.queue.has(key) || store.state.drafts.has(key);
  const fresh = new Set([...content.entries, ...content.drafts].map(one => one.key || one.id).filter(key => !has(key)));
  for (const one of content.photos.filter(photo => fresh.has(photo.owner))) {
    await db.write(["photos", await store.photoRow(one.owner, one.hash, fromBase64(one.data), one.type)]);
  }
  for (const one of content.drafts.filter(draft => fresh.has(draft.id))) await store.save(one);
  for (const one of content.entries.filter(entry => fresh.has(entry.key))) {
    store.state.queue.set(one.key, { ...one, next_at: 0 });
    await store.keep(store.state.queue.get(one.key));
  }
  return fresh.size;
}
