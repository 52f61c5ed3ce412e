/** The editor in the page's colours, by its custom properties: they know light and dark. */

import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const frame = EditorView.theme({
  "&": { fontSize: "13px", color: "var(--text)", backgroundColor: "transparent" },
  "&.cm-focused": { outline: "none" }, // the pane draws it
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "20px" },
  ".cm-content": { padding: "8px 0", caretColor: "var(--text)" },
  ".cm-line": { padding: "0 12px 0 8px" },
  ".cm-cursor": { borderLeftColor: "var(--text)" },
  ".cm-gutters": {
    boxSizing: "border-box",
    color: "var(--muted)",
    backgroundColor: "var(--pane)",
    borderRight: "1px solid var(--line)",
  },
  ".cm-lineNumbers": { minWidth: "calc(var(--gutter) - 1px)" }, // as wide as the text box's
  ".cm-lineNumbers .cm-gutterElement": { padding: "0 9px 0 6px" },
  ".cm-activeLine": { backgroundColor: "color-mix(in srgb, var(--code-active) 75%, transparent)" },
  ".cm-activeLineGutter": { color: "var(--text)", backgroundColor: "var(--code-active)" },
  [`&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground,
    .cm-selectionBackground`]: { backgroundColor: "var(--code-selection)" },
  ".cm-selectionMatch": { backgroundColor: "var(--hover)" },
  "&.cm-focused .cm-matchingBracket": {
    backgroundColor: "var(--code-selection)",
    color: "inherit",
  },
  ".cm-tooltip, .cm-panels": {
    color: "var(--text)",
    backgroundColor: "var(--raised)",
    border: "1px solid var(--line)",
  },
  ".cm-tooltip": { borderRadius: "8px", overflow: "hidden" },
  ".cm-tooltip-autocomplete > ul": { fontFamily: "var(--mono)" },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": {
    color: "#fff",
    backgroundColor: "var(--primary)",
  },
  ".cm-panels": { borderWidth: "1px 0 0" },
  ".cm-textfield, .cm-button": {
    color: "inherit",
    background: "var(--pane)",
    border: "1px solid var(--line)",
    borderRadius: "6px",
  },
  "@media (max-width: 760px)": { "&": { fontSize: "14px" } },
});

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.modifier], color: "var(--code-keyword)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--code-string)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--code-number)" },
  { tag: tags.comment, color: "var(--code-comment)", fontStyle: "italic" },
  {
    tag: [tags.function(tags.definition(tags.variableName)), tags.definition(tags.className)],
    color: "var(--code-name)",
  },
  { tag: tags.meta, color: "var(--code-name)" },
]);

export const look = [frame, syntaxHighlighting(colours)];
