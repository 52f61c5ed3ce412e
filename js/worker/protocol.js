/**
 * The worker's protocol. It knows Python, ASGI and bytes, and no front end: whoever shows
 * an app (js/frame/ does, with Gradio-Lite's front end) translates at its own edge.
 *
 * Page to worker: a `Command`; one with an id is answered by one `Reply` with the same.
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
 *   | {id: number, type: "setEnvironment", environment: Record<string, string>}
 *   | {id: number, type: "writeFile", path: string, data: Uint8Array}
 *   | {type: "request", request: AppRequest}
 * )} Command
 *   "unpacker" comes first, if at all, with a MessagePort to js/worker/packs/unpacker.js. "boot":
 *   `code` only hints which packages to fetch early; `mayRestore` allows the memory snapshot. A
 *   worker whose boot failed is of no use any more. "run" gives a `RunResult`. "writeFile": `path`
 *   is relative to the program's folder. "request" comes with a MessagePort.
 *
 * @typedef {{kind: "app" | "script" | "error" | "restart"}} RunResult
 *   "app": the program has launched one. "script": it has ended without. "error": it has failed,
 *   which was an "error" event. "restart": it did not run; it needs a new worker, which must not
 *   restore the snapshot.
 *
 * @typedef {{id: number, value?: any, error?: string}} Reply
 *   `error` is a sentence for the reader.
 *
 * @typedef {(
 *   | {type: "body", body: Uint8Array | null, more: boolean}
 *   | {type: "disconnect"}
 * )} RequestEvent
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
 *   `traceback` may be empty.
 * @typedef {{directive: string, blocked: string}} Refusal
 *   By a content-security policy: its directive, and the address or keyword that it does not allow.
 *
 * @typedef {(
 *   | {event: "progress", detail: Progress}
 *   | {event: "output", detail: Output}
 *   | {event: "error", detail: ProgramError}
 *   | {event: "died", detail: {reason: string}}
 *   | {event: "refused", detail: Refusal}
 * )} EventMessage
 *   "died": Python itself broke down; the worker answers nothing any more.
 */

export {};
