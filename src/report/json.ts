/** A result as a JSON file: the same document `--json` prints, numbers that are not finite as null. */
export function jsonReport(result: object): string {
  return `${JSON.stringify(result, null, 2)}\n`
}
