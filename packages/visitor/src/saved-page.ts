/** Cache of pages that a reader may see while the origin is down, by their URL. `takeLeave` removes it. */
export const savedPages = 'peerpress-pages'
/** Cache of the saved pages' styles, scripts and fonts. */
export const savedParts = 'peerpress-parts'
/** Selector of the element that marks a page as a saved copy. */
export const savedMark = 'peerpress-saved'
