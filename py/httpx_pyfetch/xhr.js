/**
 * The exchange of bridge.js over a synchronous XMLHttpRequest: nothing to await, and the body comes
 * whole. The file is one expression, for bridge.py.
 */
/** @param {any} tools pairs() and describe() of bridge.js */
({ pairs, describe }) => {
  const END = 0;
  const TIMED_OUT = -1;
  const FAILED = -2;
  const REFUSED = -4;

  return class WholeExchange {
    /** @type {Uint8Array | undefined} */
    #body;
    failure = "";
    whole = true;

    /**
     * @param {string} url
     * @param {string} method
     * @param {string} headers name, value, ... one a line
     * @param {Uint8Array | undefined} body
     * @param {string} options fetch options as JSON; only credentials and cache have a meaning
     * @param {number} timeoutMs for the whole reply; below 0: none
     * @returns {string | number} the head, or why there is none
     */
    open(url, method, headers, body, options, timeoutMs) {
      const { credentials, cache } = JSON.parse(options);
      const xhr = new XMLHttpRequest();
      try {
        xhr.open(method, url, false);
        for (const [name, value] of pairs(headers)) xhr.setRequestHeader(name, value);
        // Elsewhere this header would have to be allowed by the server in a preflight.
        const sameOrigin = new URL(url, location.href).origin === location.origin;
        if (cache === "no-store" && sameOrigin) xhr.setRequestHeader("cache-control", "no-cache");
      } catch (error) {
        this.failure = describe(error);
        return REFUSED;
      }
      try {
        xhr.responseType = "arraybuffer";
        xhr.withCredentials = credentials === "include";
        // For XMLHttpRequest 0 is no timeout.
        if (timeoutMs >= 0) xhr.timeout = Math.max(timeoutMs, 1);
        xhr.send(/** @type {XMLHttpRequestBodyInit | undefined} */ (body));
      } catch (error) {
        this.failure = describe(error);
        return /** @type {Error} */ (error).name === "TimeoutError" ? TIMED_OUT : FAILED;
      }
      const buffer = /** @type {ArrayBuffer | null} */ (xhr.response);
      if (buffer?.byteLength) this.#body = new Uint8Array(buffer);
      const redirected = xhr.responseURL !== "" && xhr.responseURL !== url.split("#")[0];
      const head = [xhr.status, xhr.statusText, xhr.responseURL, redirected, "xhr"];
      for (const line of xhr.getAllResponseHeaders().split("\r\n")) {
        const colon = line.indexOf(":");
        if (colon > 0) head.push(line.slice(0, colon), line.slice(colon + 1).trim());
      }
      return head.join("\n");
    }

    wait() {
      return this.#body ? 1 : END;
    }

    take() {
      const body = this.#body;
      this.#body = undefined;
      return body;
    }

    close() {
      this.#body = undefined;
    }
  };
};
