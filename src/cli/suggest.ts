/**
 * The word of `known` that a typing mistake most likely meant.
 *
 * @returns undefined when nothing is within two edits, or a third of the word's length.
 */
export function suggest(typed: string, known: readonly string[]): string | undefined {
  const limit = Math.max(2, Math.floor(typed.length / 3))
  const ranked = known
    .map((word) => ({word, distance: editDistance(typed, word)}))
    .filter(({distance, word}) => distance <= limit && distance < word.length)
    .sort((a, b) => a.distance - b.distance)
  return ranked[0]?.word
}

/** Levenshtein's distance, one row at a time. */
function editDistance(a: string, b: string): number {
  let row = Array.from({length: b.length + 1}, (_, column) => column)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
