import {mkdtemp, rm} from 'node:fs/promises'
import {join} from 'node:path'
import type {DataSpec} from '../../data/dataset.js'
import {UnsupportedOpError} from '../../errors.js'
import {classDivergence} from '../../judge/class-divergence.js'
import {verdictOn} from '../../judge/verdict.js'
import type {Choice, Plan} from '../../passes/quantize/plan/plan.js'
import {editsTo, movableLayers} from '../../passes/quantize/plan/safer-forms.js'
import type {Fidelity, QuantizeSensitivityResult} from '../../results.js'
import {type Draft, planOfDraft, type Studio, writeDraft} from './draft.js'
import {estimatedErrors} from './estimated-errors.js'
import {fidelityOfDraft} from './fidelity-of-draft.js'

/** Samples each layer is measured on. */
const SAMPLES = 64

/** What one layer in its planned form does to the answers, all others in float. */
export interface LayerError {
  readonly choice: Choice
  /** Kullback-Leibler divergence of the class scores, nats, where the worst output has classes; else what is lost and the noise. */
  readonly error: number
  readonly measure: SensitivityMeasure
  readonly output: string | null
  readonly sqnrDb: number | null
}

export type SensitivityMeasure = QuantizeSensitivityResult['layers'][number]['measure']

/** Layers that are measured one by one; of more, what they do is estimated by gradients in one pass. */
const MOST_MEASURED = 64

export interface Ranking {
  readonly reference: string
  readonly data: DataSpec
  /** For files, removed by the caller. */
  readonly folder: string
  /** Layers that are measured one by one. */
  readonly mostMeasured?: number
}

/**
 * Ranks the layers of a draft by what each does alone: its planned form among layers in float, against the float model, the worst first.
 * What counts is the outputs, never the error of weights, which says nothing of what a layer matters. Where there are many layers, that
 * is estimated, unless an operator has no gradient.
 */
export async function layerErrors(studio: Studio, draft: Draft, ranking: Ranking): Promise<LayerError[]> {
  const {plan} = await planOfDraft(studio, draft)
  const layers = movableLayers(plan)
  const {mostMeasured = MOST_MEASURED} = ranking
  const estimated = layers.length > mostMeasured ? await estimatedLayers(studio, draft, layers, ranking) : undefined
  const found = estimated ?? (await measuredLayers(studio, draft, plan, ranking))
  return found.sort((a, b) => b.error - a.error)
}

async function measuredLayers(
  studio: Studio,
  draft: Draft,
  plan: Plan,
  {reference, data, folder}: Ranking,
): Promise<LayerError[]> {
  const layers = movableLayers(plan)
  const found: LayerError[] = []
  for (const [i, choice] of layers.entries()) {
    studio.effects.signal.throwIfAborted()
    studio.effects.progress('measuring layers', i, layers.length)
    const own = await mkdtemp(join(folder, 'layer-'))
    const {path} = await writeDraft(studio, alone(draft, plan, choice), own, false)
    found.push({choice, ...errorIn(await fidelityOfDraft(studio, reference, path, {spec: data, samples: SAMPLES}))})
    await rm(own, {recursive: true})
  }
  return found
}

/** @returns undefined where an operator has no gradient. */
async function estimatedLayers(
  studio: Studio,
  draft: Draft,
  layers: readonly Choice[],
  {reference, data, folder}: Ranking,
): Promise<LayerError[] | undefined> {
  const own = await mkdtemp(join(folder, 'estimate-'))
  const {path} = await writeDraft(studio, draft, own, false)
  const parted = classDivergence(await fidelityOfDraft(studio, reference, path, {spec: data, samples: SAMPLES}))
  const samples = {...data, limit: Math.min(SAMPLES, data.limit ?? SAMPLES)}
  const yardstick = parted === undefined ? 'noise' : 'KL'
  try {
    const errors = await estimatedErrors(studio, draft, layers, {yardstick, data: samples, folder: own})
    const measure = `estimated ${yardstick}` as const
    return layers.map((choice) => ({choice, error: errors.get(choice) ?? 0, measure, output: null, sqnrDb: null}))
  } catch (error) {
    if (error instanceof UnsupportedOpError) return undefined
    throw error
  } finally {
    await rm(own, {recursive: true})
  }
}

/** A draft in which all layers but one compute in float. */
function alone(draft: Draft, plan: Plan, {node}: Choice): Draft {
  const others = movableLayers(plan).filter((layer) => layer.node !== node)
  return {...draft, overrides: [...editsTo(others, 2, 'another layer is measured'), ...(draft.overrides ?? [])]}
}

/** The divergence of classes where there are some; else what the worst output loses, and its noise for those that lose nothing. */
function errorIn(fidelity: Fidelity): Omit<LayerError, 'choice'> {
  const parted = classDivergence(fidelity)
  if (parted) return {error: parted.kl, measure: 'KL', output: parted.output.name, sqnrDb: parted.output.sqnrDb}
  const {loss, output} = verdictOn(fidelity)
  const noise = fidelity.outputs.reduce(
    (worst, {sqnrDb}) => Math.max(worst, sqnrDb === null ? 0 : 10 ** (-sqnrDb / 10)),
    0,
  )
  return {error: loss + noise, measure: 'loss', output: output?.name ?? null, sqnrDb: output?.sqnrDb ?? null}
}
