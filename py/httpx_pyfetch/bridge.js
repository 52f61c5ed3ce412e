/**
 * The JavaScript half of bridge.py: one object per request.
 *
 * Python gets numbers and strings only, so a request costs one live proxy (the exchange itself)
 * plus one per chunk while it is copied.
 *
 * The file is one expression: `bridge.py` evaluates it and its two neighbours once, and calls this
 * function with their values.
 */
/**
 * @typedef {{done: boolean, value?: Uint8Array}} Part
 * @typedef {{read(): Promise<Part>, recycle(chunk: Uint8Array): void}} Reader
 * @param {new (stream: ReadableStream<Uint8Array>) => Reader} Reader reader.js
 * @param {(tools: object) => (new () => object)} makeWholeExchange xhr.js
 */
(Reader, makeWholeExchange) => {
  /** Bytes read ahead of Python before reading stops: the backpressure. */
  const READ_AHEAD_BYTES = 2 * 1024 * 1024;

  // What wait() gives when there are no chunks; bridge.py has the same names.
  const END = 0;
  const TIMED_OUT = -1;
  const FAILED = -2;
  const CLOSED = -3;
  const REFUSED = -4;

  /**
   * @param {string} lines name, value, name, value, ... one a line
   * @returns {[string, string][]}
   */
  function pairs(lines) {
    /** @type {[string, string][]} */
    const out = [];
    if (lines) {
      const parts = lines.split("\n");
      for (let i = 0; i < parts.length; i += 2) out.push([parts[i] ?? "", parts[i + 1] ?? ""]);
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
    /** @type {Reader | undefined} */
    #reader;
    /** @type {Uint8Array | undefined} the one that Python is copying */
    #taken;
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
    whole = false;

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
      let request;
      try {
        const init = { ...JSON.parse(options), method, headers: pairs(headers), body };
        request = new Request(url, { ...init, signal: this.#controller.signal });
      } catch (error) {
        // Apart from fetch: trying again cannot help with what is wrong here.
        this.failure = describe(error);
        return (this.#ended = REFUSED);
      }
      /** @type {Promise<number>} */
      const timedOut = new Promise((resolve) => {
        this.#wake = resolve;
        if (timeoutMs >= 0) this.#timer = setTimeout(() => this.#stop(TIMED_OUT), timeoutMs);
      });
      try {
        const response = await Promise.race([fetch(request), timedOut]);
        if (typeof response === "number") return response;
        if (this.#ended !== undefined) return this.#ended;
        if (response.body) this.#reader = new Reader(response.body);
        else this.#ended = END;
        // A small body is there by the time Python has read the head.
        this.#pump();
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
      this.#recycle();
      if (this.#chunks.length) return this.#chunks.length;
      if (this.#ended !== undefined) return this.#ended;
      return new Promise((resolve) => {
        this.#wake = resolve;
        if (timeoutMs >= 0) this.#timer = setTimeout(() => this.#stop(TIMED_OUT), timeoutMs);
        this.#pump();
      });
    }

    /** @returns {Uint8Array | undefined} the next chunk, Python's until the next call */
    take() {
      this.#recycle();
      this.#taken = this.#chunks.shift();
      if (this.#taken) this.#sizeBytes -= this.#taken.byteLength;
      this.#pump();
      return this.#taken;
    }

    #recycle() {
      if (this.#taken) this.#reader?.recycle(this.#taken);
      this.#taken = undefined;
    }

    /** Abort the request, unless it is over; whoever waits gets CLOSED. */
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
            if (value?.byteLength) {
              this.#chunks.push(value);
              this.#sizeBytes += value.byteLength;
              this.#wakeUp(this.#chunks.length);
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
      this.#wakeUp(code);
    }

    /** @param {number} code */
    #wakeUp(code) {
      clearTimeout(this.#timer);
      this.#wake?.(code);
      this.#wake = undefined;
    }
  }

  const WholeExchange = makeWholeExchange({ pairs, describe });

  return {
    exchange: () => new Exchange(),
    wholeExchange: () => new WholeExchange(),

    /** Where the page is and whether the browser thinks it has a network. */
    place: () => `${globalThis.location?.origin ?? ""}\n${globalThis.navigator?.onLine ?? true}`,

    /** Whether a synchronous XMLHttpRequest can return bytes: only in a worker. */
    hasXhr: () => typeof XMLHttpRequest === "function" && typeof document === "undefined",

    /** Whether the engine has JavaScript Promise Integration. */
    hasJspi: () => "Suspending" in WebAssembly,
  };
};
