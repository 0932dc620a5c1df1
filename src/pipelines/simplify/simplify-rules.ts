import {UsageError} from '../../errors.js'
import type {Rule} from '../../passes/simplify/rule.js'
import {RULE_NAMES, RULES} from '../../passes/simplify/rules.js'

/** The rules that flags leave. @throws UsageError for a name that no rule has. */
export function chosenRules({skip, fuseOrt}: {readonly skip: readonly string[]; readonly fuseOrt: boolean}): Rule[] {
  const unknown = skip.find((name) => !RULE_NAMES.includes(name))
  if (unknown !== undefined) {
    throw new UsageError(`--skip: expected the name of a rule, got '${unknown}'`, {
      hint: `The rules: ${RULE_NAMES.join(', ')}`,
    })
  }
  return RULES.filter((rule) => !skip.includes(rule.name) && (fuseOrt || !rule.fuseOrt))
}
