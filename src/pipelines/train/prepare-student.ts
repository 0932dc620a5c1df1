import type {Effects} from '../../effects.js'
import {UsageError} from '../../errors.js'
import type {Model} from '../../ir/model.js'
import {specsOf} from '../../ops/specs-of.js'
import {patternsOf} from '../../options/patterns.js'
import type {IsFrozen} from '../../train/step/parameters.js'
import {checkTraining} from '../../train/trainer.js'
import {reinitialize} from '../../train/weights/reinitialize.js'
import {inlineAllFunctions} from '../transform/inline-all-functions.js'
import {chooseLosses, type Objective} from './choose-losses.js'
import {type FeaturePair, featurePair} from './feature-pairs.js'
import {checkJudgeLabels, checkLabels, readJudge, readSamples, type TrainingSamples} from './read-samples.js'
import {sessionSettings, trainOptions} from './train-options.js'
import {trainingCopy} from './training-copy.js'
import type {TrainingJob} from './training-job.js'

/** A model that is ready to be trained, what it is trained on, and what for. */
export interface PreparedStudent {
  /** A copy in the form that is trained, with the weights it starts from. */
  readonly student: Model
  readonly samples: TrainingSamples
  readonly objective: Objective
  readonly isFrozen: IsFrozen
  /** Patterns to freeze that name nothing. */
  readonly unmatched: readonly string[]
}

/**
 * Finds what can be known to be wrong before anything takes long: every sample and label, the losses, the operators on the way of the
 * gradients.
 *
 * @param job functions of its model are inlined; nothing else of it changes.
 */
export async function prepareStudent(job: TrainingJob, effects: Effects): Promise<PreparedStudent> {
  const {model, path, learn, judge, teacher, options} = job
  const {
    training,
    run,
    judge: {metric, outputName},
  } = options
  await inlineAllFunctions(model, path)
  const features = featuresOf(job)
  const hidden = features.map((pair) => pair.student)
  const student = await trainingCopy(model, path, hidden)
  const samples = await readSamples(learn, student, training.batch, effects)
  const judged = judge ? await readJudge(judge, student, effects) : samples
  const {labels, labelShape} = samples
  const objective = chooseLosses(
    {student, teacher: teacher?.file.model, labels, labelShape, isJudgedByLabels: judged.labels !== undefined},
    {...training, metric, outputName, seed: run.seed, features},
  )
  checkLabels(samples, objective)
  checkJudgeLabels(judged, objective)
  const freeze = patternsOf(training.freeze)
  const isFrozen = (name: string): boolean => freeze.some((pattern) => pattern.test(name))
  checkTraining(student, {...trainOptions(job, {samples, objective, isFrozen}), settings: sessionSettings(run)})
  const specOf = specsOf(student)
  if (training.reinitialize) reinitialize(student.graph, {specOf, isFrozen, seed: run.seed})
  return {student, samples, objective, isFrozen, unmatched: unmatchedFreezes(student, freeze)}
}

/** @throws UsageError for values of a teacher that there is not. */
function featuresOf({
  teacher,
  model,
  options: {
    training: {features},
  },
}: TrainingJob): FeaturePair[] {
  if (!teacher && features.length > 0) {
    throw new UsageError('--feature: expected a teacher to learn from, got none', {hint: 'Add --teacher FILE'})
  }
  return teacher ? features.map((text) => featurePair(text, teacher.file.model.graph, model.graph)) : []
}

/** Names that are frozen are those of constants and of nodes. */
function unmatchedFreezes({graph}: Model, freeze: readonly RegExp[]): string[] {
  const names = [...graph.constants(), ...graph.allNodes()].map(({name}) => name)
  return freeze.filter((pattern) => !names.some((name) => pattern.test(name))).map(({source}) => source)
}
