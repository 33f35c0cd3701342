/** What the parser's findings mean for somebody who wrote a config. */
import type { ErrorCode } from 'yaml';

/** Why the line is no YAML, and after a semicolon the mend. */
export function mendYaml(code: ErrorCode, message: string, line: string): string {
  const special = /(?:^|[:\-,[]\s+)([{@`%&!*])/.exec(line)?.[1];
  switch (code) {
    case 'DUPLICATE_KEY':
      return 'the key stands here twice; keep one';
    case 'TAB_AS_INDENT':
      return 'YAML doesn’t indent with tabs; use spaces';
    case 'MULTIPLE_DOCS':
      return 'a second YAML document begins here; keep one';
    case 'BLOCK_AS_IMPLICIT_KEY':
      return 'a second ": " on the line; put the value in quotes';
    case 'BAD_INDENT':
      return `${message}; indent it like its neighbours, or close the bracket before it`;
    case 'MISSING_CHAR':
      return `${message}; add it`;
    default:
      return special === undefined
        ? `not valid YAML: ${message}; mend the line, or put the value in quotes`
        : `not valid YAML: ${message}; a value that begins with ${special} needs quotes`;
  }
}
