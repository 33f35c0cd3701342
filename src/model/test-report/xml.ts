/** Elements and text of XML, line by line, leniently and in bounded memory. */

export interface XmlHandler {
  open(name: string, attributes: ReadonlyMap<string, string>): void;
  /** A line of text, as it was before it was escaped. */
  text(line: string): void;
  close(name: string): void;
}

export interface XmlReader {
  line(text: string): void;
}

/** A tag may hold a whole failure in one attribute. */
const longestTag = 65_536;

export function createXml(handler: XmlHandler): XmlReader {
  /** A tag, comment or CDATA section that goes on in the next line. */
  let open = '';
  function markup(text: string): void {
    const closing = /^<\/([\w:.-]+)/.exec(text)?.[1];
    const name = /^<([\w:.-]+)/.exec(text)?.[1];
    if (closing !== undefined) handler.close(closing);
    if (name === undefined) return;
    handler.open(name, attributesOf(text));
    if (text.endsWith('/>')) handler.close(name);
  }
  return {
    line(text) {
      let rest = open === '' ? text : `${open}\n${text}`;
      open = '';
      while (rest !== '') {
        const start = rest.indexOf('<');
        if (start !== 0) {
          handler.text(unescaped(start === -1 ? rest : rest.slice(0, start)));
          if (start === -1) return;
          rest = rest.slice(start);
        }
        const end = endOf(rest);
        if (end === -1) {
          open = rest.length > longestTag ? '' : rest;
          return;
        }
        if (rest.startsWith('<![CDATA['))
          for (const line of rest.slice(9, end - 3).split('\n')) handler.text(line);
        else markup(rest.slice(0, end));
        rest = rest.slice(end);
      }
    },
  };
}

/** Behind the markup that the text begins with; -1: it isn't whole. */
function endOf(text: string): number {
  const ends: readonly (readonly [string, string])[] = [
    ['<![CDATA[', ']]>'],
    ['<!--', '-->'],
  ];
  for (const [start, end] of ends) {
    if (!text.startsWith(start)) continue;
    const at = text.indexOf(end, start.length);
    return at === -1 ? -1 : at + end.length;
  }
  // `>` may stand in an attribute.
  const tag = /^<(?:[^"'>]|"[^"]*"|'[^']*')*>/.exec(text)?.[0];
  return tag === undefined ? -1 : tag.length;
}

function attributesOf(tag: string): ReadonlyMap<string, string> {
  return new Map(
    [...tag.matchAll(/([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)].map(([, name = '', double, single]) => [
      name,
      unescaped(double ?? single ?? ''),
    ]),
  );
}

function unescaped(text: string): string {
  return text.replace(
    /&(?:#x([\da-f]+)|#(\d+)|(\w+));/gi,
    (whole, hex?: string, decimal?: string, name?: string) => {
      if (name !== undefined) return entities[name] ?? whole;
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
