/**
 * The worker's protocol. It knows Python, ASGI and bytes, and no front end: whoever shows
 * an app (js/page/preview.js does, with Gradio-Lite's front end) translates at its own edge.
 *
 * Page to worker: a `Command`, answered by one `Reply` with the same id.
 * Worker to page: a `Reply`, or an `EventMessage` at any time.
 * A request to the app has a port of its own: `RequestEvent`s go in, `ResponseEvent`s come out.
 *
 * @typedef {{method: string, path: string, query: string, headers: [string, string][]}} AppRequest
 *   `path` is percent-decoded, `query` is as sent and without "?".
 *
 * @typedef {(
 *   | {type: "unpacker"}
 *   | {id: number, type: "boot", code: string, mayRestore: boolean}
 *   | {id: number, type: "run", code: string, requirements: string[]}
 *   | {id: number, type: "install", requirements: string[]}
 *   | {id: number, type: "setEnvironment", environment: Record<string, string>}
 *   | {id: number, type: "writeFile", path: string, data: string | Uint8Array}
 *   | {id: number, type: "request", request: AppRequest}
 * )} Command
 *   "unpacker" comes first, if at all, with a MessagePort to js/worker/packs/unpacker.js. "boot": `code` only hints which packages to fetch early; `mayRestore` allows the memory
 *   snapshot. A worker whose boot failed is of no use any more. "writeFile": `path` is relative to
 *   the program's folder. "request" comes with a MessagePort.
 *
 * @typedef {{id: number, value?: any, error?: string}} Reply
 *   `error` is a sentence for the reader.
 *
 * @typedef {{type: "body", body: Uint8Array | null, more: boolean} | {type: "disconnect"}} RequestEvent
 *
 * @typedef {(
 *   | {type: "start", status: number, headers: [string, string][]}
 *   | {type: "chunk", body: Uint8Array}
 *   | {type: "end", error?: string}
 * )} ResponseEvent
 *   "end" with `error`: the app raised; the response is not complete.
 *
 * @typedef {{stage: string, label: string, done: number, total: number}} Progress
 *   `done` and `total` in bytes; `total` is 0 where the size is not known.
 * @typedef {{stream: "stdout" | "stderr", text: string}} Output
 * @typedef {{summary: string, traceback: string}} ProgramError
 *
 * @typedef {(
 *   | {event: "progress", detail: Progress}
 *   | {event: "output", detail: Output}
 *   | {event: "error", detail: ProgramError}
 *   | {event: "died", detail: {reason: string}}
 *   | {event: "refused", detail: {directive: string, blocked: string}}
 * )} EventMessage
 *   "died": Python itself broke down; the worker answers nothing any more. "refused": by a
 *   content-security policy: its directive, and the address or keyword that it does not allow.
 */

export {};
