/**
 * Lengths are in the reader's own font size, not the page's. System colours follow the theme and forced colours; both
 * buttons weigh the same.
 */
export const style = `
:host {
  all: initial !important;
  position: fixed !important;
  z-index: 2147483647 !important;
  inset: auto max(12px, env(safe-area-inset-right)) max(12px, env(safe-area-inset-bottom)) auto !important;
  box-sizing: border-box !important;
  width: min(24em, 100vw - 24px) !important;
  color-scheme: light dark !important;
}
section {
  box-sizing: border-box;
  max-height: calc(100vh - 24px);
  overflow: auto;
  padding: .9em 1em;
  border: 1px solid color-mix(in srgb, CanvasText 30%, Canvas);
  border-radius: 10px;
  background: Canvas;
  color: CanvasText;
  box-shadow: 0 4px 20px rgb(0 0 0 / 25%);
  font: .875em/1.45 system-ui, sans-serif;
}
p { margin: 0 0 .75em; min-height: 4.35em; overflow-wrap: anywhere; }
a { color: inherit; text-underline-offset: .15em; }
div { display: flex; flex-wrap: wrap; gap: .5em; }
button {
  flex: 1 1 8em;
  min-height: 2.6em;
  padding: .4em 1em;
  border: 1px solid CanvasText;
  border-radius: 6px;
  background: Canvas;
  color: CanvasText;
  font: inherit;
  font-weight: 600;
  cursor: pointer;
}
button:hover { background: color-mix(in srgb, CanvasText 12%, Canvas); }
:focus-visible { outline: 3px solid Highlight; outline-offset: 2px; }
@media print { :host { display: none !important; } }
`
