/**
 * Arguments in which a flag whose value may be left out has one: `--plan` alone as `--plan=`.
 *
 * @param isValue whether the argument behind the flag is its value.
 */
export function withOptionalValue(
  argv: readonly string[],
  flag: string,
  isValue: (argument: string) => boolean,
): string[] {
  const end = argv.indexOf('--')
  return argv.map((argument, i) => {
    const isFlag = argument === `--${flag}` && (end === -1 || i < end)
    const next = argv[i + 1]
    return isFlag && (next === undefined || !isValue(next)) ? `${argument}=` : argument
  })
}

/** `--plan` may name the file to write, and nothing else that ends in one of these. */
export function withPlan(argv: readonly string[]): string[] {
  return withOptionalValue(argv, 'plan', (argument) => /\.(ya?ml|json)$/i.test(argument))
}
