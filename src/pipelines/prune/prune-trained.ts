import type {DataSpec} from '../../data/dataset.js'
import {portsOf} from '../../data/model-ports.js'
import {openData} from '../../data/open-data.js'
import type {Effects} from '../../effects.js'
import type {Model} from '../../ir/model.js'
import {patternsOf} from '../../options/patterns.js'
import type {PruneOptions} from '../../options/prune.js'
import type {TrainingRooms} from '../../options/training.js'
import {type Pruning, type PruningOptions, planPruning} from '../../passes/prune/plan-pruning.js'
import type {SparsitySpec} from '../../train/loop/sparsity-spec.js'
import {type OpenedTeacher, openTeacher} from '../train/open-teacher.js'
import {openTraining, type TrainingVerb, type TrainingWork, trainWork, writeTrained} from '../train/train-file.js'
import {oneInputEach} from '../transform/data-specs.js'
import {foldWeights} from '../transform/fold-weights.js'
import {inlineAllFunctions} from '../transform/inline-all-functions.js'
import type {TransformResult} from '../transform/prove-and-write.js'
import type {PruneFacts} from './remove.js'

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
  options: PruneOptions,
  effects: Effects,
): Promise<TransformResult<PruneFacts>> {
  const {pace = 'cubic', teacher: teacherPath} = options.training
  const dense = await openTeacher(teacherPath ?? path, teacherPath === undefined ? {} : oneInputEach(options.data.map))
  const teacher = teacherPath === undefined ? undefined : dense
  const verb = {command: 'prune', suffix: 'pruned', keepZeros: true, teacher} as const
  const training = {...options.training, schedule: 'cosine', reinitialize: false} as const
  const rooms = {...options, training, output: {...options.output, reports: []}}
  try {
    const work = await openTraining(path, verb, rooms, effects)
    try {
      return await writeTrained(work, await pruneWork(work, verb, {pace, dense}))
    } finally {
      work.file.close()
    }
  } finally {
    dense.file.close()
  }
}

interface Recovery {
  /** All weights at once, before the training, or more and more of them while it runs. */
  readonly pace: 'oneshot' | 'cubic'
  /** A model to learn from where nothing else is there. */
  readonly dense: OpenedTeacher
}

async function pruneWork(work: PruneWork, verb: TrainingVerb, {pace, dense}: Recovery) {
  const {model, file, data, options, effects} = work
  await inlineAllFunctions(model, file.path)
  const pruning = planPruning(model, pruningOptions(options), await foldWeights(model, file.path, effects))
  if (pace === 'oneshot') await pruning.prune()
  const isAlone = verb.teacher === undefined && !(await hasLabels(data.learn, model))
  const sparsity = pace === 'oneshot' ? undefined : scheduleOf(pruning, options.prune)
  const {changed} = await trainWork(work, verb, {teacher: isAlone ? dense : undefined, sparsity})
  // what the training could not reach, and exactly as many as asked for
  const report = await pruning.prune()
  const warnings = [...pruning.warnings(), ...(changed.warnings ?? [])]
  return {
    ...changed,
    report,
    facts: {...pruning.facts(), removed: null, criterion: null, repair: null, training: changed.facts},
    warnings,
  }
}

type PruneWork = TrainingWork<TrainingRooms & Pick<PruneOptions, 'prune'>>

function scheduleOf({weights}: Pruning, {sparsity, scope}: PruneOptions['prune']): SparsitySpec {
  return {target: sparsity, scope, weights, rampShare: RAMP_SHARE, cuts: CUTS}
}

/** What is pruned, in the terms of the pass. A weight that must not move must not become zero either. */
export function pruningOptions({
  prune,
  training,
}: {
  readonly prune: PruneOptions['prune']
  readonly training: {readonly freeze: readonly string[]; readonly epochs: number}
}): PruningOptions {
  const {sparsity, scope} = prune
  const freeze = training.epochs > 0 ? patternsOf(training.freeze) : []
  const isFrozen = (name: string) => freeze.some((pattern) => pattern.test(name))
  return {sparsity, scope, exclude: patternsOf(prune.exclude), include: patternsOf(prune.include), isFrozen}
}

async function hasLabels(learn: DataSpec | undefined, model: Model): Promise<boolean> {
  return learn !== undefined && (await openData(learn, portsOf(model))).labels !== undefined
}
