import {expect} from 'chai'
import type {Model} from '../../src/ir/model.js'
import {inferModel, opsetOf} from '../../src/ops/infer-graph.js'
import type {Pass} from '../../src/passes/pass.js'
import type {Rule} from '../../src/passes/simplify/rule.js'
import {evaluateInProcess} from './evaluate-in-process.js'
import {apply, compareAround, type Feeds, modelOf, opTypes, peakOf, specsFor, type Write} from './pass-trial.js'

/** A rule of `simplify`, with a graph for it. */
export interface Trial {
  readonly name: string
  readonly rule: Rule | Pass
  readonly write: Write
  /** 17 when absent. */
  readonly opset?: number
}

/** The pass that a rule is for a model; constants are evaluated in this process. */
export function passOf(rule: Rule | Pass, model: Model, limitBytes = 0): Pass {
  if (!('create' in rule)) return rule
  const inference = inferModel(model)
  return rule.create({
    opsetOf: (node) => opsetOf(node, model),
    specOf: specsFor(model),
    contentsOf: (value) => inference.contentsOf(value),
    versions: model,
    evaluate: evaluateInProcess,
    limitBytes,
  })
}

/** Defines a test: the rule leaves these operators, and ONNX Runtime's results agree to 1e-5 of the largest, before and after. */
export function itRewrites(trial: Trial & {readonly feeds: Feeds; readonly leaves: readonly string[]}): void {
  it(trial.name, async () => {
    const options = trial.opset === undefined ? {} : {opset: trial.opset}
    const {model, maxAbs, before} = await compareAround(
      trial.write,
      trial.feeds,
      (own) => passOf(trial.rule, own),
      options,
    )
    expect(opTypes(model)).to.deep.equal(trial.leaves)
    expect(maxAbs).to.be.at.most(1e-5 * Math.max(1, peakOf(before)))
  })
}

/** Defines a test: the rule changes nothing and says why; without a reason, the graph is none of its business. */
export function itDeclines(trial: Trial & {readonly because: RegExp | undefined}): void {
  it(trial.name, async () => {
    const model = modelOf(trial.write, trial.opset)
    const operators = opTypes(model)
    const {changed, skipped} = await apply(passOf(trial.rule, model), model)
    expect(changed).to.deep.equal([])
    expect(opTypes(model)).to.deep.equal(operators)
    if (trial.because) expect(skipped.map(({reason}) => reason).join('; ')).to.match(trial.because)
    else expect(skipped).to.deep.equal([])
  })
}
