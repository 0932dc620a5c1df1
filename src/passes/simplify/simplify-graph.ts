import {BugError} from '../../errors.js'
import type {Model} from '../../ir/model.js'
import {verify} from '../../ir/verify.js'
import {type Inference, inferModel, opsetOf} from '../../ops/infer-graph.js'
import {specsOf} from '../../ops/specs-of.js'
import type {PassReport, Skip} from '../pass.js'
import type {Rule, RuleContext} from './rule.js'

export interface SimplifyOptions extends Pick<RuleContext, 'evaluate' | 'limitBytes' | 'functionBody'> {
  readonly rules: readonly Rule[]
}

/** A simplification that has not settled by then goes in circles. Deep chains need a round per link. */
const MAX_ROUNDS = 200

/**
 * Runs the rules over a model, round after round, until none changes anything. Types are inferred anew before each round. Same model
 * and rules, same result.
 *
 * @returns all changes, and what the last round left as it is.
 * @throws ShapeError as inferModel; BugError when the rules do not settle.
 */
export async function simplifyGraph(model: Model, {rules, ...options}: SimplifyOptions): Promise<PassReport> {
  let inference: Inference = inferModel(model)
  const context: RuleContext = {
    ...options,
    opsetOf: (node) => opsetOf(node, model),
    specOf: specsOf(model),
    contentsOf: (value) => inference.contentsOf(value),
    versions: model,
  }
  const passes = rules.map((rule) => rule.create(context))
  const report: PassReport = {changed: [], skipped: []}
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const skipped: Skip[] = []
    const before = report.changed.length
    for (const pass of passes) {
      const done = await pass.run(model.graph)
      report.changed.push(...done.changed)
      skipped.push(...done.skipped)
      if (process.env.MOPT_CHECK === '1') check(pass.name, model)
    }
    report.skipped = skipped
    if (report.changed.length === before) return report
    inference = inferModel(model)
  }
  throw new BugError(`the rules did not settle within ${MAX_ROUNDS} rounds`)
}

function check(name: string, {graph}: Model): void {
  const [fault] = verify(graph)
  if (fault) throw new BugError(`after rule '${name}': ${fault}`)
}
