/**
 * The code editor, a chunk of its own that the page loads after Python's boot has begun. This room
 * imports nothing of ours.
 */

import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import { bracketMatching, indentOnInput, indentUnit } from "@codemirror/language";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { EditorState } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from "@codemirror/view";

import { look } from "./look.js";

/**
 * @typedef {object} Editor
 * @property {string} text
 * @property {() => void} focus
 * @property {(top: number) => void} scrollTo
 *
 * @typedef {object} Options
 * @property {HTMLElement} parent
 * @property {string} text
 * @property {{ anchor: number, head: number }} selection
 * @property {() => void} onEdit  the reader has changed the text
 */

/**
 * @param {Options} options
 * @returns {Editor}
 */
export function createEditor({ parent, text, selection, onEdit }) {
  // The editor counts a line break of two characters as one.
  const { length } = text.replace(/\r\n/g, "\n");
  const state = EditorState.create({
    doc: text,
    selection: {
      anchor: Math.min(selection.anchor, length),
      head: Math.min(selection.head, length),
    },
    extensions: [
      lineNumbers(),
      history(),
      drawSelection(),
      highlightSpecialChars(),
      indentOnInput(),
      indentUnit.of("    "),
      EditorState.tabSize.of(4),
      bracketMatching(),
      closeBrackets(),
      autocompletion(),
      highlightActiveLine(),
      highlightActiveLineGutter(),
      highlightSelectionMatches(),
      python(),
      look,
      keymap.of([
        ...closeBracketsKeymap,
        ...defaultKeymap,
        ...searchKeymap,
        ...historyKeymap,
        ...completionKeymap,
        indentWithTab,
      ]),
      EditorView.contentAttributes.of({
        "aria-label": "Python code. Escape, then Tab, leaves the editor.",
        spellcheck: "false",
        autocorrect: "off",
        autocapitalize: "off",
        // It can be focused without this, which accessibility checkers do not know.
        tabindex: "0",
      }),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) onEdit();
      }),
    ],
  });
  const view = new EditorView({ state, parent });
  return {
    get text() {
      return view.state.doc.toString();
    },
    focus: () => view.focus(),
    scrollTo(top) {
      view.scrollDOM.scrollTop = top;
    },
  };
}
