/**
 * How the agent is to work, whatever the repository asks of it. Equal for every item, and therefore the first thing in
 * the cached prefix: nothing about an item, a folder, a date or an attempt may stand here.
 */
export function workingRules(isIsolated: boolean): string {
  return [headless, files, ...(isIsolated ? [independence] : [])].join('\n\n');
}

// Ten or more tool calls in one turn push the last cache breakpoint out of the API's lookback of 20 blocks.
const headless = `# How to work

You work headless: nobody reads along and nobody answers questions. Decide, do the work, check it, end.

- Call tools without announcing it: no message of text alone before you are done.
- Put tool calls that don't depend on each other into one message, at most 8 of them.
- Read a file once and remember it. Don't read back what you have just written.
- Several changes to one file: write it whole, or put all its edits into one message.
- Leave nothing running in the background.
- End with one sentence that says what you changed.`;

const files = `# What you may change

The message names the worktree and the files in it that may be written. A change to anything else, in the worktree or
outside it, fails the work. Don't use git to commit, branch, stash or push: what you leave in the worktree is committed
for you once the checks have passed.`;

const independence = `# Independence

Each item is solved on its own. These inputs are allowed, and no others:

- the documents given here and in the message;
- the item's own files, as the worktree has them;
- installed libraries and shared code that belongs to no item, with their documentation;
- what the checks report.

How other items solve the same task is off limits: don't look for their files in the worktree, in other folders or in
the git history, and don't follow their choices from memory.`;
