import {basename} from 'node:path'
import type {DataSpec, InputPort} from '../data/dataset.js'
import {openData} from '../data/open-data.js'
import {InterruptedError, MoptError} from '../errors.js'
import type {Warning} from '../results.js'
import type {RunControl} from '../runtime/child/run-control.js'
import {type Evaluation, withEvaluator} from '../runtime/evaluate/evaluate.js'
import type {SessionSettings} from '../runtime/session/session-settings.js'
import {type ClassEvidence, classEvidence} from './class-evidence.js'
import {pixelFacts} from './pixel-facts.js'
import {type Preparation, preparations} from './preparations.js'

/** A trained model and the samples with labels it is judged on. */
export interface PreparedModel extends RunControl {
  readonly path: string
  readonly settings: SessionSettings
  readonly inputs: readonly InputPort[]
  readonly data: DataSpec
  readonly outputName?: string | undefined
  /** What it answers on the data, where that is known. */
  readonly known?: Pick<Evaluation, 'data' | 'shape' | 'labels'> | undefined
  /** Whether its weights were changed so much (pruned, quantized) that bad answers are its own. Asked at most once. */
  isAltered(): boolean
}

/** Enough to see that something is wrong, and to say what. */
const SAMPLES = {look: 64, judge: 256} as const
const BATCH = 16

/** A model this good has nothing to gain. */
const GOOD = 0.85
/** How much surer than right a model may be: trained nets are by .05 to .15. */
const USUAL_GAP = 0.15
/** So much surer than right, and no better than guessing, is no honest model. */
const CERTAIN_GAP = 0.4
/** What another preparation must win, overall and in the mean of the classes. */
const GAIN = 0.1
/** Answers that go with one label each so often are right, under other numbers. */
const REORDERED = 0.7
/** ... and so much more often than the numbers are equal. */
const REORDERED_GAIN = 0.3

/**
 * Judges a float model by labels before anything is made of it. Where it is no better than guessing, or far worse than it says itself,
 * the usual preparations of images are tried, each on a few samples in a child process.
 *
 * @returns a warning with the flags under which the model is right; or that labels count the classes in another order; or, for a
 *   model that is sure of itself and no better than guessing, that one of both is wrong. Undefined for honest models, weak ones too,
 *   and where there is nothing to judge by: no labels, no classes, data or runs that fail (others say that).
 */
export async function doubtPreparation(model: PreparedModel): Promise<Warning | undefined> {
  const {path, settings, data, known, isAltered} = model
  const first = known && classEvidence(known)
  if (known ? !first || !isDoubtful(first) : !(await hasLabels(model))) return undefined
  return withEvaluator(path, settings, {...model, batch: BATCH}, async (run) => {
    const judge: Judge = (spec, limit) => evidence(run, {...spec, shuffle: true, offset: 0, limit})
    const look = first ?? (await judge(data, SAMPLES.look))
    if (!look || !isDoubtful(look)) return undefined
    const now = await judge(data, SAMPLES.judge)
    if (!now || !isDoubtful(now)) return undefined
    if (isReordered(now)) return labelsDoubted(model, now)
    const better = await betterPreparation(model, now, judge)
    if (better) return preparationDoubted(model, now, better)
    const isHopeless = now.accuracy.value <= now.chance && now.confidence - now.accuracy.value >= CERTAIN_GAP
    return isHopeless && !isAltered() ? bothDoubted(model, now) : undefined
  })
}

/** What the model says to samples from all over the data, so that no class is left out of a sorted file. */
type Judge = (data: DataSpec, limit: number) => Promise<ClassEvidence | undefined>

async function hasLabels({data, inputs, signal}: PreparedModel): Promise<boolean> {
  const opened = await openData(data, inputs, signal && {signal}).catch(toNothing)
  return opened?.labels !== undefined
}

async function evidence(run: (data: DataSpec) => Promise<Evaluation>, data: DataSpec) {
  const evaluation = await run(data).catch(toNothing)
  return evaluation && classEvidence(evaluation)
}

/** Whatever is wrong with data or model is said by those that need them. */
function toNothing(error: unknown): undefined {
  if (error instanceof InterruptedError || !(error instanceof MoptError)) throw error
}

function isDoubtful({accuracy: {value}, chance, confidence}: ClassEvidence): boolean {
  return value < GOOD && (value <= chance || confidence - value > USUAL_GAP)
}

function isReordered({order, accuracy}: ClassEvidence): boolean {
  return order !== undefined && order.share >= Math.max(REORDERED, accuracy.value + REORDERED_GAIN)
}

interface Better {
  readonly preparation: Preparation
  readonly evidence: ClassEvidence
}

/** The best of the usual preparations, when it is clearly better than the one that was given. */
async function betterPreparation(
  {data, inputs, signal}: PreparedModel,
  now: ClassEvidence,
  judge: Judge,
): Promise<Better | undefined> {
  const facts = await pixelFacts({...data, shuffle: true, offset: 0, limit: SAMPLES.judge}, inputs, signal)
  let best: Better | undefined
  for (const preparation of facts ? preparations(facts, data.preprocess ?? {}) : []) {
    const spec = {...data, preprocess: {...data.preprocess, ...preparation.preprocess}}
    const found = await judge(spec, SAMPLES.judge)
    if (!found || !isClearlyBetter(found, now)) continue
    // of equals the plainest, which comes first
    if (!best || found.accuracy.value > best.evidence.accuracy.value + EQUAL) best = {preparation, evidence: found}
  }
  return best
}

/** Preparations as close as this are told apart by nothing but these samples. */
const EQUAL = 0.02

function isClearlyBetter(found: ClassEvidence, now: ClassEvidence): boolean {
  return (
    found.accuracy.value >= now.accuracy.value + GAIN &&
    found.accuracy.low > now.accuracy.high &&
    found.balanced >= now.balanced + GAIN &&
    found.accuracy.value > found.chance
  )
}

const CODE = 'PREPARATION_DOUBTED'

function preparationDoubted(model: PreparedModel, now: ClassEvidence, {preparation, evidence}: Better): Warning {
  const {flags} = preparation
  const file = model.data.preprocessFile
  const where =
    file === undefined ? '' : `, in place of what ${basename(file)} says (rescale_factor, image_mean, image_std)`
  return {
    code: CODE,
    message: `the data is probably prepared in another way than ${basename(model.path)} was trained with: ${answers(now)}; with ${flags} it is right on ${percent(evidence.accuracy.value)}`,
    hint: `give ${flags}${where}`,
  }
}

function labelsDoubted(model: PreparedModel, now: ClassEvidence): Warning {
  const {shift, share} = now.order as NonNullable<ClassEvidence['order']>
  const how = shift === undefined ? 'in another order' : `from ${shift} on`
  const hint =
    shift === undefined
      ? 'number the classes as in training; class folders are numbered in the order of their names'
      : `subtract ${shift} from every label`
  return {
    code: CODE,
    message: `the labels probably count the classes ${how}, not as ${basename(model.path)} does: ${answers(now)}, but ${percent(share)} of its answers go with one label each`,
    hint,
  }
}

function bothDoubted(model: PreparedModel, now: ClassEvidence): Warning {
  return {
    code: CODE,
    message: `the data is probably prepared in another way than ${basename(model.path)} was trained with, or the labels are not its own: ${answers(now)}, which is no better than guessing`,
    hint: 'check --scale, --mean, --std and --channels, and that the labels count the classes as in training',
  }
}

function answers({accuracy, confidence, rows}: ClassEvidence): string {
  return `it is right on ${percent(accuracy.value)} of ${rows} samples and ${percent(confidence)} sure of its answers`
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`
}
