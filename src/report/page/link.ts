import { markup } from './html.js';
import type { Html } from './html.js';

/** A link, when the text is an address of the web; else the text alone. It tells nobody where the page lies. */
export function link(address: string, text: string): Html {
  return isWeb(address)
    ? markup`<a href="${address}" rel="noopener noreferrer">${text}</a>`
    : markup`<span>${text}</span>`;
}

function isWeb(address: string): boolean {
  try {
    return ['http:', 'https:'].includes(new URL(address).protocol);
  } catch {
    return false;
  }
}
