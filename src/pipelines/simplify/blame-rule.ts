import {BugError, type MoptError} from '../../errors.js'
import type {Rule} from '../../passes/simplify/rule.js'

/** Whether the model that these rules make gives other outputs than the input model, or does not load. */
export type IsWrong = (rules: readonly Rule[]) => Promise<boolean>

/**
 * Finds the first rule that spoils the outputs, by bisection over the list: with the rules before it the outputs are right, with it
 * they are wrong.
 *
 * @param rules in their order, wrong all together.
 * @param what the user is told of the difference.
 * @param otherwise what is to blame when the outputs are wrong before the first rule.
 */
export async function blameRule(
  rules: readonly Rule[],
  what: string,
  isWrong: IsWrong,
  otherwise: (failure: string) => MoptError,
): Promise<MoptError> {
  const failure = `the simplified model does not give the outputs of its input, nothing was written: ${what}`
  if (await isWrong([])) return otherwise(failure)
  let [right, wrong] = [0, rules.length]
  while (wrong - right > 1) {
    const middle = Math.floor((right + wrong) / 2)
    if (await isWrong(rules.slice(0, middle))) wrong = middle
    else right = middle
  }
  const name = rules[wrong - 1]?.name
  return new BugError(`${failure}. Rule '${name}' is to blame`, {
    hint: `Leave it out with --skip ${name}, and report the model`,
  })
}
