/**
 * Reads a response's body into buffers that are used again, where the engine can: that is faster
 * than fetch's own chunks and bounds their size. The file is one expression, for bridge.py.
 */
(() => {
  /** A buffer that a read fills is followed by one of twice its size, up to the largest. */
  const FIRST_BUFFER_BYTES = 16 * 1024;
  const LARGEST_BUFFER_BYTES = 512 * 1024;

  return class Reader {
    /** @type {ReadableStreamBYOBReader | undefined} */
    #byob;
    /** @type {ReadableStreamDefaultReader<Uint8Array> | undefined} */
    #plain;
    /** @type {ArrayBufferLike[]} unused buffers */
    #free = [];
    #nextBytes = FIRST_BUFFER_BYTES;

    /** @param {ReadableStream<Uint8Array>} stream */
    constructor(stream) {
      try {
        this.#byob = stream.getReader({ mode: "byob" });
      } catch {
        // Not a byte stream in this engine.
        this.#plain = stream.getReader();
      }
    }

    /** @returns {Promise<{done: boolean, value?: Uint8Array}>} */
    async read() {
      if (!this.#byob) return /** @type {any} */ (this.#plain).read();
      const buffer = this.#free.pop() ?? new ArrayBuffer(this.#nextBytes);
      const result = await this.#byob.read(new Uint8Array(/** @type {ArrayBuffer} */ (buffer)));
      if (result.value && result.value.byteLength === this.#nextBytes) {
        this.#nextBytes = Math.min(this.#nextBytes * 2, LARGEST_BUFFER_BYTES);
      }
      return result;
    }

    /** @param {Uint8Array} chunk taken from read(), and copied since */
    recycle(chunk) {
      if (this.#byob && chunk.buffer.byteLength === this.#nextBytes) this.#free.push(chunk.buffer);
    }
  };
})();
