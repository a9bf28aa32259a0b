/* The queue as files, for a phone that finds no way to the server: the office takes them over. What is saved stays in the
   queue, and the server keeps each reading, report and photo once, whichever way it comes. */

import { isoDay } from "../../../web/phone/modules/base.js";
import { toBase64 } from "../../../web/phone/modules/base64.js";
import * as vault from "../../../web/phone/modules/vault.js";
import * as queue from "./queue.js";
import * as store from "./store.js";

const KIND = "mainstay-rounds-queue";
const MOST = 12_000_000; // characters of pictures in one file: the server takes twenty million bytes

/** Everything that is not with the server, as files; more than one only where there are many pictures. */
export async function exported() {
  const parts = [{ entries: [], photos: [] }];
  let size = 0;
  for (const entry of queue.unsent()) {
    const photos = await photosOf(entry);
    const more = photos.reduce((sum, one) => sum + one.data.length, 0);
    if (size && size + more > MOST) {
      parts.push({ entries: [], photos: [] });
      size = 0;
    }
    size += more;
    const { kind, body, installation, title, code } = entry;
    parts.at(-1).entries.push({ kind, body, installation, title, code });
    parts.at(-1).photos.push(...photos);
  }
  return parts.map(fileOf);
}

function fileOf(part, place, parts) {
  const content = { kind: KIND, version: 1, ...vault.person(), made_at: new Date().toISOString(), ...part };
  const number = parts.length > 1 ? `-${place + 1}` : "";
  return new File([JSON.stringify(content)], `mainstay-${vault.person().user.name}-${isoDay()}${number}.json`, { type: "application/json" });
}

async function photosOf(entry) {
  const found = [];
  for (const hash of entry.photos) {
    const kept = await store.photoBytes(entry, hash);
    if (kept) found.push({ owner: entry.key, hash, data: toBase64(kept.bytes) });
  }
  return found;
}
