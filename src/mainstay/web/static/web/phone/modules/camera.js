/* Pictures: scaled to 1600 pixels, with hash, time and place. */

import { sha256 } from "./base.js";

const LONGEST = 1600;
const QUALITY = 0.82;
let last = null;

/** Begin to follow where the phone is; in a vault the last known place counts for ten minutes. */
export function follow() {
  if (!navigator.geolocation || last) return;
  last = {};
  navigator.geolocation.watchPosition(
    ({ coords, timestamp }) => {
      last = { lat_e6: Math.round(coords.latitude * 1e6), lng_e6: Math.round(coords.longitude * 1e6),
        accuracy_m: Math.round(coords.accuracy), at: timestamp };
    },
    () => {}, { enableHighAccuracy: true, maximumAge: 60_000 },
  );
}

/** The place as a record holds it, or null. */
export function position() {
  if (!last?.at || Date.now() - last.at > 600_000) return null;
  const { lat_e6, lng_e6, accuracy_m } = last;
  return { lat_e6, lng_e6, accuracy_m: Math.min(accuracy_m, 1_000_000) };
}

/** Scale a picture; returns its bytes and what a record says of it. Throws when it is none. */
export async function prepare(file, item) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const blob = await new Promise(resolve => canvas.toBlob(resolve, "image/jpeg", QUALITY));
  const bytes = await blob.arrayBuffer();
  const where = position();
  const facts = { hash: await sha256(bytes), item, name: "", taken_at: new Date().toISOString(),
    lat_e6: where?.lat_e6 ?? null, lng_e6: where?.lng_e6 ?? null };
  return { bytes, type: "image/jpeg", facts };
}
