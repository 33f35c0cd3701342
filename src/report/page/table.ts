/** Tables with a caption and scopes, in a frame that scrolls by itself: the page never does sideways. */
import { markup, nothing } from './html.js';
import type { Html, Part } from './html.js';

export interface Column<Row> {
  readonly title: string;
  cell(row: Row): Part;
  /** Figures stand at the right. */
  readonly isNumber?: boolean;
  /** Long texts take what room there is. */
  readonly isWide?: boolean;
}

export interface Table<Row> {
  readonly caption: string;
  /** The first one names the row. */
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
}

/** A table; the frame can be reached by the keyboard, to be scrolled. */
export function table<Row>({ caption, columns, rows }: Table<Row>): Html {
  const head = columns.map((column) => markup`<th scope="col"${classOf(column)}>${column.title}</th>`);
  const body = rows.map((row) => {
    const cells = columns.map((column, index) => cell(column, row, index === 0));
    return markup`<tr>${cells}</tr>\n`;
  });
  return markup`<div class="frame" role="group" aria-label="${caption}" tabindex="0">
<table>
<caption><span>${caption}</span></caption>
<thead><tr>${head}</tr></thead>
<tbody>
${body}</tbody>
</table>
</div>`;
}

/** The same, shown on demand. */
export function foldedTable<Row>(summary: string, content: Table<Row>): Html {
  return markup`<details><summary>${summary}</summary>
${table(content)}
</details>
`;
}

function cell<Row>(column: Column<Row>, row: Row, isFirst: boolean): Html {
  const content = column.cell(row);
  return isFirst
    ? markup`<th scope="row"${classOf(column)}>${content}</th>`
    : markup`<td${classOf(column)}>${content}</td>`;
}

function classOf({ isNumber, isWide }: Pick<Column<never>, 'isNumber' | 'isWide'>): Html {
  if (isNumber === true) return markup` class="n"`;
  return isWide === true ? markup` class="w"` : nothing;
}
