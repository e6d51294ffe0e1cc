/** Where the pages are kept that a reader may see while the origin is down, by their URL. Part of what `takeLeave` clears. */
export const savedPages = 'peerpress-pages'
/** Where their styles, scripts and fonts are. */
export const savedParts = 'peerpress-parts'
/** The element that marks a page as a saved copy. */
export const savedMark = 'peerpress-saved'
