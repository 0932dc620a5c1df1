const [START, END] = ['<!-- operators -->', '<!-- /operators -->']

/** `docs/operators.md` with the printed table of operators between its two marks. */
export function withOperators(page: string, table: string): string {
  const [before = '', rest = ''] = page.split(START)
  const after = rest.split(END)[1] ?? rest
  return `${before}${START}\n${table.replace(/^# Operators\n+/, '').trim()}\n${END}${after}`
}
