/** "Did you mean": the known word that a mistyped one comes closest to. */

/**
 * The closest candidate, or null when none is near enough to be worth offering: about one slip per three letters,
 * or the only candidate that begins with the word. Among equals the first wins.
 */
export function closest(word: string, candidates: Iterable<string>): string | null {
  const typed = Array.from(word.toLowerCase());
  const known = Array.from(candidates);
  let best: { readonly candidate: string; readonly slips: number } | null = null;
  for (const candidate of known) {
    const letters = Array.from(candidate.toLowerCase());
    const allowed = Math.max(1, Math.floor(Math.max(typed.length, letters.length) / 3));
    if (Math.abs(letters.length - typed.length) > allowed) continue;
    const slips = slipsBetween(typed, letters);
    const isNear = slips <= allowed && slips < Math.min(typed.length, letters.length);
    if (isNear && (best === null || slips < best.slips)) best = { candidate, slips };
  }
  return best?.candidate ?? onlyBeginning(word, known);
}

/** Damerau–Levenshtein (optimal string alignment): letters added, lost, replaced, or swapped with the next one. */
function slipsBetween(left: readonly string[], right: readonly string[]): number {
  let twoBack: number[] = [];
  let oneBack = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (const [row, letter] of left.entries()) {
    const current = [row + 1];
    for (const [column, other] of right.entries()) {
      const replaced = at(oneBack, column) + (letter === other ? 0 : 1);
      const added = at(current, column) + 1;
      const lost = at(oneBack, column + 1) + 1;
      const isSwap = row > 0 && column > 0 && letter === right[column - 1] && left[row - 1] === other;
      const swapped = isSwap ? at(twoBack, column - 1) + 1 : Infinity;
      current.push(Math.min(replaced, added, lost, swapped));
    }
    twoBack = oneBack;
    oneBack = current;
  }
  return at(oneBack, right.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Infinity;
}

function onlyBeginning(word: string, candidates: readonly string[]): string | null {
  if (word.length < 3) return null;
  const longer = candidates.filter((candidate) => candidate.toLowerCase().startsWith(word.toLowerCase()));
  return longer.length === 1 ? (longer[0] ?? null) : null;
}
