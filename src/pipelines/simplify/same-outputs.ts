import {join} from 'node:path'
import type {Effects} from '../../effects.js'
import {BugError, type MoptError, RuntimeRefusedError, UnsupportedError} from '../../errors.js'
import type {OpenedModel} from '../../io/open-model.js'
import {withTempFolder} from '../../io/with-temp-folder.js'
import {writeVariant} from '../../io/write-variant.js'
import type {SimplifyOptions} from '../../options/simplify.js'
import type {Rule} from '../../passes/simplify/rule.js'
import {compareOutputs} from '../../runtime/compare/compare-outputs.js'
import type {SessionSettings} from '../../runtime/session/session-settings.js'
import {differs} from '../transform/describe-difference.js'
import type {Opened} from '../transform/open-work.js'
import {sourceOf} from '../transform/staged-proof.js'
import type {Exactness} from '../transform/work.js'
import {blameRule} from './blame-rule.js'

/** What rounding may do to an output; a rule that does more is wrong. */
const TOLERANCE = {rtol: 1e-4, atol: 1e-5}

type Level = NonNullable<SessionSettings['optimization']>

interface Simplification {
  readonly rules: readonly Rule[]
  /** Changes the opened model in place with some of the rules. */
  attempt(file: OpenedModel, rules: readonly Rule[]): Promise<unknown>
}

/**
 * How it is shown that rules left the outputs as they were: on the samples or made-up inputs of every proof, and on inputs of other
 * sizes where sizes are free. If they did not, rules are tried again, fewer at a time, until one is left to blame.
 *
 * @param opened before the rules run.
 */
export function sameOutputs(
  opened: Opened,
  work: Simplification,
  options: SimplifyOptions,
  effects: Effects,
): Exactness {
  const {file, proof, data} = opened
  const {provider, threads, dims, seed} = options.run
  const {plan, variants, fallbacks} = proof
  const source = sourceOf({plan, samples: data.judge ?? data.learn}, seed)
  const settings = {provider, threads, dims}
  const compared = {
    source,
    batch: 1,
    tolerance: TOLERANCE,
    variants,
    fallbacks,
    leaveOut: opened.random.outputs,
    signal: effects.signal,
  }
  const isOther = async (path: string, optimization: Level): Promise<boolean> => {
    try {
      return differs(await compareOutputs(file.path, path, {...settings, optimization}, compared))
    } catch (error) {
      if (error instanceof RuntimeRefusedError) return true
      throw error
    }
  }
  const isWrong = (rules: readonly Rule[], optimization: Level) =>
    withTempFolder(async (folder) => {
      const path = join(folder, 'part.onnx')
      const {simplify, output} = options
      const open = {keepInitializerInputs: simplify.keepInitializerInputs}
      const {externalData} = output
      await writeVariant(file.path, path, (again) => work.attempt(again, rules), {open, externalData})
      return isOther(path, optimization)
    })
  const blame = (what: string, optimization: Level) => {
    effects.progress('looking for the rule to blame', 0, 0)
    const isWrongThen = (rules: readonly Rule[]) => isWrong(rules, optimization)
    return blameRule(work.rules, what, isWrongThen, (failure) => blameFlags(failure, options))
  }
  return {tolerance: TOLERANCE, variants, blame}
}

/** What changes a model besides the rules. A model can be wrong for fixed sizes in a branch that never runs with them. */
function blameFlags(failure: string, {run: {inputShapes, dims}, simplify: {opset}}: SimplifyOptions): MoptError {
  if (Object.keys(inputShapes).length + Object.keys(dims).length > 0) {
    return new UnsupportedError(`${failure}. It is so as soon as the sizes are fixed`, {
      hint: 'Give other sizes, or leave --input-shape and --dim out',
    })
  }
  if (opset !== undefined) {
    return new BugError(`${failure}. The opset upgrade is to blame`, {hint: 'Leave --opset out, and report the model'})
  }
  return new BugError(`${failure}. It is so without any rule`, {hint: 'Report the model'})
}
