/** Requests to the app that have not been answered: with their worker they end, too. */

export class OpenRequests {
  #ports = /** @type {Set<MessagePort>} */ (new Set());

  /**
   * @param {(port: MessagePort) => void} send hands the worker its end
   * @returns {MessagePort} the asker's end; gives `ResponseEvent`s
   */
  open(send) {
    const { port1, port2 } = new MessageChannel();
    this.#ports.add(port1);
    port1.addEventListener("message", ({ data }) => {
      if (data.type === "end") this.#ports.delete(port1);
    });
    send(port2);
    return port1;
  }

  /** @param {string} error a sentence for the reader */
  endAll(error) {
    for (const port of this.#ports) {
      port.dispatchEvent(new MessageEvent("message", { data: { type: "end", error } }));
    }
  }
}
