const [START, END] = ['<!-- operators -->', '<!-- /operators -->']

/** The README with the printed table of operators between its two marks, folded away. */
export function withOperators(readme: string, table: string): string {
  const [before = '', rest = ''] = readme.split(START)
  const after = rest.split(END)[1] ?? rest
  const body = table.replace(/^# Operators\n+/, '')
  const [summary = 'operators'] = /^\d+ operators.*$/m.exec(body) ?? []
  return `${before}${START}\n<details>\n<summary>${summary}</summary>\n\n${body.trim()}\n\n</details>\n${END}${after}`
}
