import {mkdtemp} from 'node:fs/promises'
import {join} from 'node:path'
import {type QuickMeasurement, quickMeasurement} from '../../bench/quick-timing.js'
import {type Writer, writerOf} from '../../passes/quantize/plan/form.js'
import {mixedBits} from '../../passes/quantize/plan/mixed-bits.js'
import type {Edit} from '../../passes/quantize/plan/plan.js'
import type {Searched, Tried, Tuned, Warning} from '../../results.js'
import {modelStarts} from '../../runtime/time/model-starts.js'
import type {Opened} from '../transform/open-work.js'
import {sourceOf} from '../transform/staged-proof.js'
import {type Draft, planOfDraft, type Written, writeDraft} from './draft.js'
import {type Attempt, guard, judgeDraft, judgedSamples, triedOf} from './guard.js'
import {measureDrop} from './measure-drop.js'
import {search} from './search.js'
import {layerErrors} from './sensitivity.js'
import type {OpenStudio} from './studio.js'
import {tuneQuantization} from './tune-quantization.js'

/** The draft that is carried out, and how it came to be. */
export interface ChosenDraft {
  readonly draft: Draft
  readonly tried: readonly Tried[]
  readonly searched: readonly Searched[]
  /** null without `--tune`. */
  readonly tuned: readonly Tuned[] | null
  readonly warnings: readonly Warning[]
  /** What was written of it, where it was tried. */
  readonly written?: Written | undefined
  /** Its timing beside the input, where it was timed. */
  readonly measured?: QuickMeasurement | undefined
}

/**
 * Chooses how a model is quantized: by the rules; with `--tune` by what is fastest; with data by what keeps the answers; never what is
 * slower than float, unless it was asked for by name; and with `--max-drop` by what a metric may lose.
 *
 * @param maxDrop the most the metric may drop on the samples of `--eval`; not searched for when absent.
 * @param folder for files, removed by the caller.
 */
export async function chooseDraft(
  studio: OpenStudio,
  opened: Opened,
  {maxDrop, folder}: {readonly maxDrop: number | undefined; readonly folder: string},
): Promise<ChosenDraft> {
  const {options, plan} = studio
  const first = await mixed(studio, opened, firstDraft(studio), folder)
  const tuned = options.quantize.tune ? await tune(studio, opened, first) : undefined
  const facts = {tuned: tuned?.tuned ?? null, searched: [], warnings: tuned?.warnings ?? []}
  const kept = await keepAnswers(studio, opened, {...first, ...tuned?.tuning}, folder)
  const data = opened.data.judge
  if (maxDrop === undefined || !data || !options.quantize.guard || plan) return {...facts, ...kept}
  const {path: reference, model} = opened.file
  const measure = await measureDrop({path: reference, model}, data, options, studio.effects)
  const time = async (file: string) => (await timeDraft(studio, opened, file)).timing
  const learned = opened.data.learn ?? data
  const task = {reference, limit: maxDrop, measure, data: learned, folder, ...(options.output.time && {time})}
  const {draft, searched, written, isHeld, message} = await search(studio, kept.draft, task)
  if (searched.length < 2) return {...facts, ...kept, searched}
  const said = message === undefined ? [] : [{code: isHeld ? 'MORE_SAMPLES' : 'BUDGET_NOT_HELD', message}]
  return {...facts, tried: kept.tried, draft, written, searched, warnings: [...facts.warnings, ...said]}
}

/** What the rules say, or a plan file. */
export function firstDraft({options, plan}: OpenStudio): Draft {
  const {calibration} = options.quantize
  const method = plan?.calibration ?? (calibration === 'auto' ? 'minmax' : calibration)
  return {edits: [], calibration: method, rounding: plan?.rounding ?? undefined, blockSize: plan?.blockSize}
}

/** With `--bits`, the layers that get 8 bits: those that do most harm in 4, where there are samples to tell, else the smallest. */
async function mixed(studio: OpenStudio, opened: Opened, draft: Draft, folder: string): Promise<Draft> {
  const {bits} = studio.options.quantize
  if (bits === undefined) return draft
  const data = studio.options.output.verify ? opened.data.learn : undefined
  const {plan} = await planOfDraft(studio, draft)
  const errors = data && (await layerErrors(studio, draft, {reference: opened.file.path, data, folder}))
  const harm = new Map(errors?.map(({choice, error}) => [choice.node, error]))
  const edits = mixedBits(plan, bits, errors && (({node}) => harm.get(node) ?? 0))
  return {...draft, edits: [...edits, ...draft.edits]}
}

/** The draft that keeps the answers of the float model and is not slower, where there are samples to tell. */
async function keepAnswers(
  studio: OpenStudio,
  opened: Opened,
  draft: Draft,
  folder: string,
): Promise<Pick<ChosenDraft, 'draft' | 'tried' | 'written' | 'measured'>> {
  const {options, judge, effects} = studio
  if (!judge) return {draft, tried: []}
  const {chosen, tried} = await guard(studio, draft, {reference: opened.file.path, judge, folder})
  const {output, quantize} = options
  if (!chosen.verdict.passed || !output.time || quantize.mode !== 'auto') {
    return {draft: chosen.draft, tried, written: chosen.written}
  }
  effects.progress('timing', 0, 0)
  return neverSlower(studio, opened, {chosen, tried, folder})
}

/** The forms to fall to, one after the other, when the ones before are slower than float. */
const SLOWER_FORMS: readonly (readonly [what: string, writers: readonly Writer[], to: Edit['to']])[] = [
  ['no static layer: static ones were slower than float', ['static'], 'not static'],
  ['float arithmetic: integers were slower than float', ['static', 'dynamic'], 'stored'],
]

interface Kept {
  readonly chosen: Attempt
  readonly tried: readonly Tried[]
  readonly folder: string
}

/** Times the draft that was chosen; where it is slower than the input, the next form that is not, and keeps the answers. */
async function neverSlower(
  studio: OpenStudio,
  opened: Opened,
  {chosen, tried, folder}: Kept,
): Promise<Pick<ChosenDraft, 'draft' | 'tried' | 'written' | 'measured'>> {
  let [best, all] = [chosen, [...tried]]
  let measured = await timeDraft(studio, opened, best.written.path)
  for (const [what, writers, to] of SLOWER_FORMS) {
    if (measured.timing.verdict !== 'slower') break
    const names = await namesBy(studio, best.draft, writers)
    if (names.size === 0) continue
    const edits = [{match: {nodes: names}, to, because: 'on integers it was slower than float'}, ...best.draft.edits]
    const draft = {...best.draft, edits}
    const written = await writeDraft(studio, draft, await mkdtemp(join(folder, 'draft-')))
    const samples = await judgedSamples(opened.file.path, studio.options.run)
    const judge = studio.judge as NonNullable<OpenStudio['judge']>
    const verdict = await judgeDraft(studio, opened.file.path, written.path, {judge, samples})
    const next = {draft, what, written, verdict}
    all = [...all.map((one) => (verdict.passed ? {...one, chosen: false} : one)), triedOf(next, verdict.passed)]
    if (!verdict.passed) continue
    best = next
    measured = await timeDraft(studio, opened, best.written.path)
  }
  return {draft: best.draft, tried: all, written: best.written, measured}
}

/** The nodes that a draft writes in one of these ways. */
async function namesBy(studio: OpenStudio, draft: Draft, writers: readonly Writer[]): Promise<Set<string>> {
  const {plan} = await planOfDraft(studio, draft)
  const choices = [...plan.choices.values()].filter(({form}) => writers.includes(writerOf(form)))
  return new Set(choices.map(({node}) => node.name))
}

function timeDraft({options, effects}: OpenStudio, opened: Opened, path: string): Promise<QuickMeasurement> {
  const {provider, threads, dims, seed} = options.run
  const {data, sizes} = opened
  const source = sourceOf({samples: data.judge ?? data.learn, plan: sizes.plan}, seed)
  return quickMeasurement(
    opened.file.path,
    path,
    {provider, threads, dims},
    {source, batch: options.quantize.forBatch, signal: effects.signal},
  )
}

/** Times the alternatives of the rules. */
async function tune(studio: OpenStudio, {sizes, data}: Opened, first: Draft) {
  const {options, effects, prepared, ranges, writing} = studio
  const {provider, threads, dims, seed} = options.run
  const settings = {provider, threads, dims}
  const source = sourceOf({samples: data.judge ?? data.learn, plan: sizes.plan}, seed)
  const task = {
    ...{model: prepared.model, isStatic: ranges !== undefined, sizeOf: writing.sizeOf},
    contender: (path: string) =>
      modelStarts(path, settings, {source, batch: options.quantize.forBatch, signal: effects.signal}),
    write: async (tuning: Pick<Draft, 'edits' | 'integerSilu'>, folder: string) =>
      (await writeDraft(studio, {...first, ...tuning}, folder, false)).path,
  }
  return tuneQuantization(task, effects)
}
