import {mkdtemp, rm} from 'node:fs/promises'
import {join} from 'node:path'
import type {DataSpec} from '../../data/dataset.js'
import {verdictOn} from '../../judge/verdict.js'
import type {Choice, Plan} from '../../passes/quantize/plan/plan.js'
import {editsTo, movableLayers} from '../../passes/quantize/plan/safer-forms.js'
import type {Fidelity} from '../../results.js'
import {type Draft, planOfDraft, type Studio, writeDraft} from './draft.js'
import {fidelityOfDraft} from './fidelity-of-draft.js'

/** Samples each layer is measured on. */
const SAMPLES = 64

/** What one layer in its planned form does to the answers, all others in float. */
export interface LayerError {
  readonly choice: Choice
  /** Kullback-Leibler divergence of the class scores, nats, where the worst output has classes; else what is lost and the noise. */
  readonly error: number
  readonly measure: 'KL' | 'loss'
  readonly output: string | null
  readonly sqnrDb: number | null
}

/**
 * Ranks the layers of a draft by what each does alone: its planned form among layers in float, against the float model, the worst first.
 * What is measured is the outputs, never the error of weights, which says nothing of what a layer matters.
 *
 * @param folder for files, removed by the caller.
 */
export async function layerErrors(
  studio: Studio,
  draft: Draft,
  {reference, data, folder}: {readonly reference: string; readonly data: DataSpec; readonly folder: string},
): Promise<LayerError[]> {
  const {plan} = await planOfDraft(studio, draft)
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
  return found.sort((a, b) => b.error - a.error)
}

/** A draft in which all layers but one compute in float. */
function alone(draft: Draft, plan: Plan, {node}: Choice): Draft {
  const others = movableLayers(plan).filter((layer) => layer.node !== node)
  return {...draft, overrides: [...editsTo(others, 2, 'another layer is measured'), ...(draft.overrides ?? [])]}
}

/** The divergence of classes where there are some; else what the worst output loses, and its noise for those that lose nothing. */
function errorIn(fidelity: Fidelity): Omit<LayerError, 'choice'> {
  const divergent = fidelity.outputs.flatMap(({name, details: {kl}, sqnrDb}) =>
    kl === undefined ? [] : [{error: kl, measure: 'KL' as const, output: name, sqnrDb}],
  )
  const [most] = divergent.sort((a, b) => b.error - a.error)
  if (most && divergent.length === fidelity.outputs.filter(({kind}) => kind !== null).length) return most
  const {loss, output} = verdictOn(fidelity)
  const noise = fidelity.outputs.reduce(
    (worst, {sqnrDb}) => Math.max(worst, sqnrDb === null ? 0 : 10 ** (-sqnrDb / 10)),
    0,
  )
  return {error: loss + noise, measure: 'loss', output: output?.name ?? null, sqnrDb: output?.sqnrDb ?? null}
}
