/**
 * The app's frame where a sandbox takes all origins away, so that page and frame cannot reach into
 * each other: the same calls as messages. js/frame/remote-page.js is the other end.
 */

/** @import { AppFrame, FrameMessage, PageMessage } from "../frame/protocol.js" */
/** @import { Runtime } from "../runtime/runtime.js" */

/** How long the frame may take to answer, on a slow line. */
const ANSWER_MS = 60_000;

/**
 * What `appFrame` is where page and frame have one origin.
 * @param {Window} frame
 * @param {Runtime} runtime
 * @param {(height: number) => void} onHeight
 * @returns {Promise<AppFrame>} rejects when the frame does not answer
 */
export async function connectFrame(frame, runtime, onHeight) {
  const { port1: port, port2 } = new MessageChannel();
  const answered = Promise.withResolvers();
  let onShown = () => {};
  setTimeout(() => answered.reject(new Error("the app’s frame does not answer")), ANSWER_MS);
  port.onmessage = (/** @type {MessageEvent<FrameMessage>} */ { data, ports: [answers] }) => {
    if (data.type === "hello") answered.resolve(null);
    else if (data.type === "shown") onShown();
    else if (data.type === "height") onHeight(data.height);
    else if (data.type === "error") runtime.reportError(data.error);
    else if (answers) join(answers, runtime.request(data.request));
  };
  frame.postMessage({ playpage: "connect" }, "*", [port2]);
  await answered.promise;
  const send = (/** @type {PageMessage} */ message) => port.postMessage(message);
  return {
    onHeight: () => {},
    prepare: (_, theme, language) => send({ call: "prepare", theme, language }),
    show: (_, theme, language) => {
      send({ call: "show", theme, language });
      return new Promise((resolve) => (onShown = resolve));
    },
    setTheme: (theme) => send({ call: "setTheme", theme }),
    clear: () => send({ call: "clear" }),
    takeDraft: () => false, // there is none: the page offers no message box here
  };
}

/** @param {MessagePort} one @param {MessagePort} other */
function join(one, other) {
  one.onmessage = ({ data }) => other.postMessage(data);
  other.onmessage = ({ data }) => {
    one.postMessage(data);
    if (data.type === "end") setTimeout(() => [one, other].forEach((port) => port.close()));
  };
}
