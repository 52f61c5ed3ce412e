/**
 * What the page and the app's frame ask of each other. Both call these directly; where a sandbox
 * takes all origins away they cannot, and the same calls go as messages over a port that the page
 * sends with `{playpage: "connect"}` (js/page/remote-frame.js and remote-page.js).
 *
 * @typedef {"light" | "dark" | null} Theme null follows the system
 *
 * What the frame needs of the page.
 * @typedef {object} AppRuntime
 * @property {(request: AppRequest) => MessagePort} request sends one request to the app; the port
 *   takes `RequestEvent`s and gives `ResponseEvent`s
 * @property {(error: ProgramError) => void} reportError
 *
 * What the reader has typed before the app was there.
 * @typedef {object} Draft
 * @property {string} text
 * @property {number} selectionStart
 * @property {number} selectionEnd
 * @property {boolean} hasFocus is the reader still typing?
 * @property {boolean} isQueued has the reader sent it?
 *
 * What the page needs of the frame.
 * @typedef {object} AppFrame
 * @property {(height: number) => void} onHeight set by the page; called with the app's height in
 *   pixels when that changes
 * @property {(runtime: AppRuntime, theme: Theme, language: string) => void} prepare mounts the
 *   front end before there is an app: most of its work needs none. `language` is for Gradio's own
 *   words, such as zh-TW, if it has that one
 * @property {(runtime: AppRuntime, theme: Theme, language: string) => Promise<void>} show shows
 *   the app that the runtime has launched, anew after each run; resolves when it can be used
 * @property {(theme: Theme) => void} setTheme
 * @property {() => void} clear takes the app away
 * @property {(draft: Draft) => boolean} takeDraft puts it into the app's message box, and sends
 *   it if the reader has; false where there is no such box
 *
 * Page to frame.
 * @typedef {(
 *   | {call: "prepare" | "show", theme: Theme, language: string}
 *   | {call: "setTheme", theme: Theme}
 *   | {call: "clear"}
 * )} PageMessage
 *
 * Frame to page. "hello" comes first; "shown" answers "show"; "request" comes with a port.
 * @typedef {(
 *   | {type: "hello"}
 *   | {type: "shown"}
 *   | {type: "height", height: number}
 *   | {type: "request", request: AppRequest}
 *   | {type: "error", error: ProgramError}
 * )} FrameMessage
 */

/** @import { AppRequest, ProgramError } from "../worker/protocol.js" */

export {};
