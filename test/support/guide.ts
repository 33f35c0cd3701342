/** A small repository of documentation pages whose paragraphs are the items of a worker. */
import type { FilesLiteral } from './git-repo.js';

export interface GuideLiteral {
  readonly pages: number;
  /** Paragraphs of a page. */
  readonly paragraphs: number;
}

/** `docs/guide/page-01.md` and so on, each with a heading, paragraphs and a block of code, and a style to follow. */
export function guideFiles({ pages, paragraphs }: GuideLiteral): FilesLiteral {
  const files: Record<string, string> = {
    'docs/style.md': styleText,
    'docs/short.md': '# Style\n\nBe brief.\n',
  };
  for (let page = 1; page <= pages; page += 1) {
    const name = `page-${String(page).padStart(2, '0')}`;
    const texts = Array.from({ length: paragraphs }, (_, index) => paragraphText(page, index + 1));
    files[`docs/guide/${name}.md`] =
      `# Page ${page}\n\n${texts.join('\n\n')}\n\n\`\`\`sh\nrun ${page}\n\`\`\`\n`;
  }
  return files;
}

export function paragraphText(page: number, number: number): string {
  return `Paragraph ${number} of page ${page} says what it says, in more words than it would really need to have.`;
}

/** Long enough to be cached. */
const styleText = `# Style\n\n${Array.from({ length: 90 }, (_, index) => `- Rule ${index + 1}: write short sentences, in the active voice, and leave out what the reader knows.`).join('\n')}\n`;

export interface GuideConfig {
  readonly worker?: string;
  readonly ship?: string;
  readonly checks?: string;
  readonly skip?: string;
  readonly more?: string;
}

export function guideConfig({
  worker = '',
  ship = '{ to: branch }',
  checks = '',
  skip = '',
  more = '',
}: GuideConfig = {}): string {
  return `version: 1
engine: worker
targets: { glob: 'docs/{target}/*.md', minAge: 0s }
items:
  glob: 'docs/{target}/{item}.md'
  blocks: { markdown: blocks }
  skip: [{ kind: [heading, code] }${skip}]
prompt:
  static: [docs/style.md]
  task: Make the text of each block shorter.
worker: { ${worker} }
${checks === '' ? '' : `checks:\n${checks}\n`}ship: ${ship}
${more}`;
}
