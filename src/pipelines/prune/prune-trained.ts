import type {DataSpec} from '../../data/dataset.js'
import {portsOf} from '../../data/model-ports.js'
import {openData} from '../../data/open-data.js'
import type {Effects} from '../../effects.js'
import type {Model} from '../../ir/model.js'
import {type Pruning, type PruningOptions, planPruning} from '../../passes/prune/plan-pruning.js'
import type {PruneResult} from '../../results.js'
import type {SparsitySpec} from '../../train/loop/mask-schedule.js'
import {openTeacher} from '../train/open-teacher.js'
import {type TrainFileOptions, transformByTraining} from '../train/train-file.js'
import {foldWeights} from '../transform/fold-weights.js'
import {inlineAllFunctions} from '../transform/inline-all-functions.js'
import type {TransformOptions, TransformResult} from '../transform/transform.js'

/** How a model is trained while it is pruned. */
export interface RecoveryOptions extends Omit<TrainFileOptions, keyof TransformOptions> {
  /** All weights at once, before the training, or more and more of them while it runs. */
  readonly pace: 'oneshot' | 'cubic'
  /** A model to learn from; the dense one where the data has no labels. */
  readonly teacher?: string | undefined
}

/** Share of the updates at which the last weights go; what is left recovers. */
const RAMP_SHARE = 0.6
/** Times that weights go: the fewer, the larger the steps that the others must make up for. */
const CUTS = 50

/**
 * Prunes a model and trains it, so that the weights that stay take over what the others did. Zeros are exactly as many as asked for
 * and stay zero.
 *
 * @see Zhu and Gupta 2017, arXiv:1710.01878, for the cubic schedule.
 */
export async function pruneTrained(
  path: string,
  options: PruningOptions & RecoveryOptions & TrainFileOptions,
  effects: Effects,
): Promise<TransformResult<Pick<PruneResult, 'sparsity' | 'asked' | 'parameters' | 'groups' | 'training'>>> {
  const {sparsity, scope, pace, exclude, include, freeze, teacher: teacherPath, map} = options
  const opened = await openTeacher(teacherPath ?? path, teacherPath === undefined ? {} : map)
  const settings = {sparsity, scope, pace, ...sourcesOf({exclude, include})}
  const teacher = teacherPath === undefined ? undefined : opened
  const verb = {command: 'prune', suffix: 'pruned', keepZeros: true, teacher, settings} as const
  try {
    return await transformByTraining(path, verb, options, effects, async ({model, data}, train) => {
      await inlineAllFunctions(model, path)
      // a weight that must not move must not become zero either
      const isFrozen = (name: string) => freeze.some((pattern) => pattern.test(name))
      const folded = await foldWeights(model, path, effects)
      const pruning = planPruning(model, {sparsity, scope, exclude, include, isFrozen}, folded)
      if (pace === 'oneshot') await pruning.prune()
      const isAlone = teacher === undefined && !(await hasLabels(data.learn, model))
      const parts = {teacher: isAlone ? opened : undefined, sparsity: scheduleOf(pruning, options)}
      const {changed} = await train(parts)
      // what the training could not reach, and exactly as many as asked for
      const report = await pruning.prune()
      const warnings = [...pruning.warnings(), ...(changed.warnings ?? [])]
      return {...changed, report, facts: {...pruning.facts(), training: changed.facts}, warnings}
    })
  } finally {
    opened.file.close()
  }
}

function scheduleOf({weights}: Pruning, {pace, sparsity, scope}: PruningOptions & RecoveryOptions) {
  if (pace === 'oneshot') return undefined
  return {target: sparsity, scope, weights, rampShare: RAMP_SHARE, cuts: CUTS} satisfies SparsitySpec
}

/** Patterns as they were written, those that are there. */
function sourcesOf(patterns: Readonly<Record<string, readonly RegExp[]>>): Record<string, string[]> {
  const given = Object.entries(patterns).filter(([, list]) => list.length > 0)
  return Object.fromEntries(given.map(([name, list]) => [name, list.map(({source}) => source)]))
}

async function hasLabels(learn: DataSpec | undefined, model: Model): Promise<boolean> {
  return learn !== undefined && (await openData(learn, portsOf(model))).labels !== undefined
}
