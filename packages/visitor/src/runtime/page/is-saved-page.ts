import { savedMark } from '../../saved-page.ts'

/** Returns whether the worker showed this page from a saved copy because its origin is down. */
export function isSavedPage(): boolean {
  return document.querySelector(savedMark) !== null
}
