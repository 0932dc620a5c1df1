/** Prints one JSON document on stdout. JSON has no NaN and no infinity: they become null, and a bigint becomes a number. */
export function printDocument(document: unknown): void {
  const text = JSON.stringify(document, (_, value) => (typeof value === 'bigint' ? Number(value) : value), 2)
  process.stdout.write(`${text}\n`)
}
