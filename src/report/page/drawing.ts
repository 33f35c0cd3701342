/** Plot draws, on a document of linkedom's: SVG that needs neither script nor style attribute in the page. */
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { harmless } from './html.js';

/** As much of a DOM as is needed here; the project's types know none. */
interface PageElement {
  readonly outerHTML: string;
  readonly firstChild: unknown;
  textContent: string;
  getAttribute(name: string): string | null;
  setAttribute(name: string, value: string): void;
  removeAttribute(name: string): void;
  insertBefore(child: PageElement, before: unknown): void;
  remove(): void;
  querySelectorAll(selector: string): Iterable<PageElement>;
}

interface PageDocument {
  createElementNS(space: string, name: string): PageElement;
}

export interface Drawing {
  /** Unique in the page: title and description are known by it. */
  readonly id: string;
  readonly title: string;
  /** What the chart says, for who can't see it. */
  readonly description: string;
  readonly plot: Plot.PlotOptions;
}

/** The chart as an SVG element. Its colours are CSS variables of the page. */
export function draw({ id, title, description, plot }: Drawing): string {
  const document = newDocument();
  const svg = Plot.plot({
    ...plot,
    document,
    figure: false,
    style: undefined,
  }) as unknown as PageElement; // without figure and legend it is always an SVG element
  for (const style of [...svg.querySelectorAll('style')]) style.remove();
  for (const element of [...svg.querySelectorAll('[aria-label], [aria-hidden], [aria-description]')]) {
    for (const name of ['aria-label', 'aria-hidden', 'aria-description']) element.removeAttribute(name);
  }
  const describe = (name: string, text: string): void => {
    const element = document.createElementNS('http://www.w3.org/2000/svg', name);
    element.setAttribute('id', `${id}-${name}`);
    element.textContent = text;
    svg.insertBefore(element, svg.firstChild);
  };
  describe('desc', description);
  describe('title', title);
  svg.setAttribute('class', 'plot');
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-labelledby', `${id}-title`);
  svg.setAttribute('aria-describedby', `${id}-desc`);
  roundPlaces(svg);
  // Its texts went past the page's own escaping.
  return harmless(svg.outerHTML);
}

function newDocument(): PageDocument {
  const page: unknown = parseHTML('<html></html>');
  return (page as { readonly document: PageDocument }).document; // typed by a DOM library that isn't loaded
}

/** A tenth of a pixel is seen by nobody, and a page of many dots is a third smaller. */
function roundPlaces(svg: PageElement): void {
  for (const element of svg.querySelectorAll('*')) {
    for (const name of places) {
      const value = element.getAttribute(name);
      // "0.32em" is no place.
      const short = value?.replace(/\d+\.\d{2,}(?![\de])/g, (digits) =>
        String(Number(Number(digits).toFixed(1))),
      );
      if (short !== undefined && short !== value) element.setAttribute(name, short);
    }
  }
}

const places = ['d', 'transform', 'x', 'y', 'width', 'height', 'x1', 'x2', 'y1', 'y2', 'cx', 'cy', 'r'];
