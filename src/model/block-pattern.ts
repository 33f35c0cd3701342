/** The regular expression of `items.blocks.pattern`. */

/** Flags that every pattern has: places of groups, all matches, lines, and code points. */
const flags = 'dgmu';

/** What is wrong with a pattern, and how it is mended. */
export interface PatternFault {
  readonly fault: string;
  readonly mend: string;
  readonly cause?: unknown;
}

/** The pattern as a regular expression, or why it finds no blocks. */
export function blockPattern(pattern: string): RegExp | PatternFault {
  let regExp: RegExp;
  try {
    regExp = new RegExp(pattern, flags);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    return {
      fault: `is no pattern: ${why}`,
      mend: 'write a regular expression of JavaScript, for the flags m and u',
      cause,
    };
  }
  // An alternative that matches nothing shows how many groups there are.
  if ((new RegExp(`${pattern}|`, 'u').exec('')?.length ?? 0) >= 2) return regExp;
  return {
    fault: 'has no group, so that nothing says what the block is',
    mend: 'put the region into parentheses: (?<block>…)',
  };
}
