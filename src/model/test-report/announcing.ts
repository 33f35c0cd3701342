/**
 * Whether any runner could mean something by a line that it doesn't print inside something else: one question in place of
 * a hundred, since of a log of a hundred megabytes nearly every line is nobody's.
 */
export function mayAnnounce(line: string): boolean {
  return starts.test(line) || holds.test(line);
}

/** How summaries, headings, verdicts and lists begin. */
const starts =
  /^\s*(?:[=_!●✖✔▶﹣ℹ×✗✕⎯#<}?]|-{3}|\[(?:ERROR|INFO|WARN|gw\d)|\d+(?:\) |%| [a-z]+(?:,| |$)|\/\d+ Test)|\(fail\) |1\.\.\d|(?:FAIL(?:ED)?|PASS|OK|NO TESTS|RUN|ERRORS?|FAILURES|WARNINGS)\b|(?:not )?ok\b|Tests?[ :]|test |testing: |Ran \d|[Rr]unning\b|Doc-tests |Compiling |Updating |error|Error|No tests?\b|no tests ran|Fail|Pending|Finished in|rspec |An error|There w|Bail out|TAP version|Files=|panic: |failures:|COMPILATION|T E S T S|Start +\d|COLLECT|\S*: error: )/;

/** What stands behind a name. */
const holds =
  / FAILED| ERROR|<<< |Tests run: |tests passed, |Failed: |\(Wstat: |<testsuite|^\w*(?:Error|Exception)\b/;
