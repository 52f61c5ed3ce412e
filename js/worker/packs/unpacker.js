/**
 * A worker that fetches and decompresses packs, so that Python's worker can get on with what it
 * does with them. The page connects the two; without this one, Python's does it all itself.
 */

import { root } from "../../common/files.js";
import { Packs } from "./packs.js";

/** To Python's worker. @type {MessagePort | undefined} */
let port;
const packs = new Packs(root, () => port?.postMessage({ doneBytes: packs.doneBytes }));
packs.frames("start"); // every start needs it, whatever the program

self.onmessage = ({ data }) => {
  port = /** @type {MessagePort} */ (data);
  void packs.speed.then((speed) => port?.postMessage({ speed }));
  port.onmessage = ({ data }) => {
    if (data.close) self.close();
    else send(data.name);
  };
};

/** @param {string} name */
function send(name) {
  for (const [number, frame] of packs.frames(name).entries()) {
    frame.then(
      (bytes) => port?.postMessage({ name, number, bytes }, [bytes.buffer]),
      (error) => port?.postMessage({ name, error: error.message }),
    );
  }
}
