/**
 * The frame's end where page and frame cannot reach into each other: waits for the page's call,
 * and does as its messages say. js/page/remote-frame.js is the other end.
 */

/** @import { AppFrame, AppRuntime, FrameMessage, PageMessage } from "./protocol.js" */

/** @param {AppFrame} appFrame */
export function awaitPage(appFrame) {
  addEventListener("message", ({ data, source, ports: [port] }) => {
    if (source !== parent || data?.playpage !== "connect" || !port) return;
    const send = (/** @type {FrameMessage} */ message, /** @type {Transferable[]} */ ports = []) =>
      port.postMessage(message, ports);
    /** @type {AppRuntime} */
    const runtime = {
      request(request) {
        const { port1, port2 } = new MessageChannel();
        send({ type: "request", request }, [port2]);
        return port1;
      },
      reportError: (error) => send({ type: "error", error }),
    };
    appFrame.onHeight = (height) => send({ type: "height", height });
    port.onmessage = async (/** @type {MessageEvent<PageMessage>} */ { data: message }) => {
      if (message.call === "prepare") appFrame.prepare(runtime, message.theme, message.language);
      else if (message.call === "setTheme") appFrame.setTheme(message.theme);
      else if (message.call === "clear") appFrame.clear();
      else {
        await appFrame.show(runtime, message.theme, message.language);
        send({ type: "shown" });
      }
    };
    send({ type: "hello" });
  });
}
