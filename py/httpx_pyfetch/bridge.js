/**
 * The JavaScript half of bridge.py: one object per request.
 *
 * Python is told everything in numbers and strings, so that a request costs
 * one live proxy (the exchange itself) plus one per chunk while it is copied.
 *
 * An expression: `bridge.py` evaluates this file once and keeps the value.
 */
(() => {
  /** Bytes read ahead of Python before reading stops: the backpressure. */
  const READ_AHEAD_BYTES = 256 * 1024;

  // What wait() answers when there are no chunks; bridge.py has the same names.
  const END = 0;
  const TIMED_OUT = -1;
  const FAILED = -2;
  const CLOSED = -3;

  /**
   * @param {string} lines name, value, name, value, ... one a line
   * @returns {[string, string][]}
   */
  function pairs(lines) {
    /** @type {[string, string][]} */
    const out = [];
    if (lines) {
      const parts = lines.split("\n");
      for (let i = 0; i < parts.length; i += 2) out.push([parts[i], parts[i + 1]]);
    }
    return out;
  }

  /** @param {unknown} error */
  function describe(error) {
    const { name = "Error", message = String(error) } = /** @type {Error} */ (error ?? {});
    return `${name}\n${message}`;
  }

  class Exchange {
    #controller = new AbortController();
    /** @type {ReadableStreamDefaultReader<Uint8Array> | undefined} */
    #reader;
    /** @type {Uint8Array[]} */
    #chunks = [];
    #sizeBytes = 0;
    #reading = false;
    /** @type {number | undefined} how it ended; undefined while it goes on */
    #ended;
    /** @type {((code: number) => void) | undefined} */
    #wake;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    #timer;
    /** "name\nmessage" of the last failure */
    failure = "";

    /**
     * Send the request. Never rejects.
     * @param {string} url
     * @param {string} method
     * @param {string} headers name, value, ... one a line
     * @param {Uint8Array | undefined} body
     * @param {string} options fetch options as JSON
     * @param {number} timeoutMs until the headers; below 0: none
     * @returns {Promise<string | number>} the head, or why there is none
     */
    async open(url, method, headers, body, options, timeoutMs) {
      /** @type {Promise<number>} */
      const timedOut = new Promise((resolve) => {
        this.#wake = resolve;
        if (timeoutMs >= 0) this.#timer = setTimeout(() => this.#stop(TIMED_OUT), timeoutMs);
      });
      try {
        const init = { ...JSON.parse(options), method, headers: pairs(headers), body };
        init.signal = this.#controller.signal;
        const response = await Promise.race([fetch(url, init), timedOut]);
        if (typeof response === "number") return response;
        if (this.#ended !== undefined) return this.#ended;
        this.#reader = response.body?.getReader();
        if (!this.#reader) this.#ended = END;
        const head = [response.status, response.statusText, response.url, response.redirected];
        head.push(response.type);
        for (const [name, value] of response.headers) head.push(name, value);
        return head.join("\n");
      } catch (error) {
        if (this.#ended === undefined) {
          this.#ended = FAILED;
          this.failure = describe(error);
        }
        return this.#ended;
      } finally {
        clearTimeout(this.#timer);
        this.#wake = undefined;
      }
    }

    /**
     * How many chunks can be taken now, or, when there are none, how the body
     * ended; a promise of that while neither is known.
     * @param {number} timeoutMs until the next chunk; below 0: none
     * @returns {number | Promise<number>}
     */
    wait(timeoutMs) {
      if (this.#chunks.length) return this.#chunks.length;
      if (this.#ended !== undefined) return this.#ended;
      return new Promise((resolve) => {
        this.#wake = resolve;
        if (timeoutMs >= 0) this.#timer = setTimeout(() => this.#stop(TIMED_OUT), timeoutMs);
        this.#pump();
      });
    }

    /** @returns {Uint8Array | undefined} */
    take() {
      const chunk = this.#chunks.shift();
      if (chunk) this.#sizeBytes -= chunk.byteLength;
      this.#pump();
      return chunk;
    }

    /** Abort the request, unless it is over; every waiter is told. */
    close() {
      this.#stop(CLOSED);
      this.#chunks = [];
    }

    #pump() {
      if (this.#reading || this.#ended !== undefined || !this.#reader) return;
      if (this.#sizeBytes >= READ_AHEAD_BYTES) return;
      this.#reading = true;
      this.#reader.read().then(
        ({ done, value }) => {
          this.#reading = false;
          if (this.#ended !== undefined) return;
          if (done) this.#settle(END);
          else {
            if (value.byteLength) {
              this.#chunks.push(value);
              this.#sizeBytes += value.byteLength;
              this.#tell(this.#chunks.length);
            }
            this.#pump();
          }
        },
        (error) => {
          if (this.#ended !== undefined) return;
          this.failure = describe(error);
          this.#settle(FAILED);
        },
      );
    }

    /** @param {number} code */
    #stop(code) {
      if (this.#ended !== undefined) return;
      this.#settle(code);
      this.#controller.abort();
    }

    /** @param {number} code */
    #settle(code) {
      this.#ended = code;
      this.#tell(code);
    }

    /** @param {number} code */
    #tell(code) {
      clearTimeout(this.#timer);
      this.#wake?.(code);
      this.#wake = undefined;
    }
  }

  return {
    exchange: () => new Exchange(),

    /** Where the page is and whether the browser thinks it has a network. */
    place: () => `${globalThis.location?.origin ?? ""}\n${globalThis.navigator?.onLine ?? true}`,

    /** Whether a synchronous XMLHttpRequest can return bytes: only in a worker. */
    hasXhr: () =>
      typeof XMLHttpRequest === "function" && typeof document === "undefined",
  };
})();
