import {performance} from 'node:perf_hooks'
import type {Budget} from '../../bench/budget.js'
import {loadBudget} from '../../bench/budget-file.js'
import {portsOf} from '../../data/model-ports.js'
import {readFeeds} from '../../data/samples/feed-values.js'
import type {Effects} from '../../effects.js'
import {ModelError, UsageError} from '../../errors.js'
import {evalBatch} from '../../facts/eval-batch.js'
import {checkOutput} from '../../io/check-output.js'
import {type OpenedModel, openModel} from '../../io/open-model.js'
import {MISSING_IMPORT, type ReadOptions} from '../../io/read-model.js'
import type {Model} from '../../ir/model.js'
import {inferModel} from '../../ops/infer-graph.js'
import type {PassReport} from '../../passes/pass.js'
import type {Warning} from '../../results.js'
import {peakRssBytes} from '../../runtime/child/peak-memory.js'
import {checkProviders} from '../../runtime/providers/providers.js'
import type {DataOptions} from '../options.js'
import {type DataSpecs, dataSpecs} from './data-specs.js'
import {documentChanges} from './document-changes.js'
import {doubtData, type TrainedFile} from './doubt-data.js'
import {type ExpectedSizes, expectedSizes} from './expected-sizes.js'
import {outputPath} from './output-path.js'
import {type ProofSizes, proofSizes} from './proof-sizes.js'
import {type RandomParts, randomParts} from './random-parts.js'
import type {Exactness, HeldAgainst, JudgeOutput, Reference, Work} from './work.js'
import {type Proof, type ProveOptions, writeAndProve} from './write-and-prove.js'

export interface TransformOptions extends ProveOptions, DataOptions {}

/** A verb that changes a model: its name, what it adds to the file's name, and the change itself. */
export interface Transformation<T> {
  readonly command: string
  readonly suffix: string
  /** How the file is read. */
  readonly open?: ReadOptions
  /** Held-out samples are needed: without `--eval`, some of `--data` are. */
  readonly needsJudge?: boolean
  /** The trained model that the data was prepared for, where it is not the file itself: a teacher. */
  readonly judged?: TrainedFile | undefined
  /** Further files that the output must not replace. */
  readonly reads?: readonly string[]
  /** Changes the model in place. */
  change(opened: Opened): Promise<Changed<T>>
  /** For changes that must not change any output; asked for before the change. */
  exact?(opened: Opened): Exactness | undefined
}

/** What a change has to work with. */
export interface Opened {
  readonly file: OpenedModel
  /** The file's, with types filled in. */
  readonly model: Model
  readonly sizes: ExpectedSizes
  readonly proof: ProofSizes
  readonly data: DataSpecs
  /** Outputs that no proof holds for. */
  readonly random: RandomParts
}

export interface Changed<T> {
  readonly report: PassReport
  /** What the verb's result says besides. */
  readonly facts: T
  /** Peak memory of children that worked for the change. */
  readonly peakRssBytes?: number
  readonly warnings?: readonly Warning[]
  /** What the result is held against; the file itself when absent. */
  readonly reference?: Reference | undefined
  /** What its outputs are held against, where that is not the input. */
  readonly heldAgainst?: HeldAgainst | undefined
  /** The one next thing to try when outputs lose more than they may. */
  readonly remedy?: string | undefined
  /** Bytes of what the verb wrote about itself: they make no file LARGER. */
  readonly noteBytes?: number | undefined
  /** The verb's own way to judge the result. */
  readonly judgeOutput?: JudgeOutput | undefined
}

/** What every verb that writes a model reports. */
export type TransformResult<T> = T & ReturnType<typeof document>

/**
 * The walk all such verbs share: check what can be checked, open, infer shapes, change, write, prove. Nothing is written
 * before the change is complete.
 */
export async function transform<T extends object>(
  path: string,
  transformation: Transformation<T>,
  options: TransformOptions,
  effects: Effects,
): Promise<TransformResult<T>> {
  const started = performance.now()
  const target = outputPath(path, transformation.suffix, options.output)
  const budget = await loadBudget(options)
  requireJudges(budget, options)
  checkOutput(target, {force: options.force, inputs: [path, ...(transformation.reads ?? []), ...dataFiles(options)]})
  await checkProviders([options.provider], {signal: effects.signal})
  const file = await openModel(path, transformation.open)
  try {
    const prepared = await prepare(file, options, {budget, needsJudge: transformation.needsJudge})
    const opened = await withDoubts(prepared, transformation.judged, options, effects)
    const exact = transformation.exact?.(opened)
    const changed = await transformation.change(opened)
    const own = {path, sizeBytes: file.sizeBytes, files: file.files}
    const {reference = own, judgeOutput, noteBytes, heldAgainst, remedy = 'change less of the model'} = changed
    const files = [...new Set([...own.files, ...reference.files])]
    const input = {path: reference.path, sizeBytes: reference.sizeBytes}
    const work = {
      ...workOf(opened, {...reference, files}, target),
      ...{budget, exact, judgeOutput, noteBytes, heldAgainst, remedy},
    }
    const proof = await writeAndProve(work, options, effects)
    return {...changed.facts, ...document({command: transformation.command, input, started}, opened, changed, proof)}
  } finally {
    file.close()
  }
}

/** The model is judged before anything is made of it: on samples that it was not trained for, all figures would mislead. */
async function withDoubts(
  opened: Opened,
  judged: TrainedFile | undefined,
  options: TransformOptions,
  effects: Effects,
): Promise<Opened> {
  const {file, model, data} = opened
  const samples = options.verify ? (data.judge ?? data.learn) : undefined
  const doubts = await doubtData(judged ?? {path: file.path, model}, samples, options, effects)
  return {...opened, data: {...data, warnings: [...data.warnings, ...doubts]}}
}

/** Paths of the samples and of what belongs to them: no output may take their place. */
export function dataFiles({data, labels, eval: judged, evalLabels, preprocessFile}: DataOptions): string[] {
  return [data, labels, judged, evalLabels, preprocessFile].filter((path) => path !== undefined)
}

/** @throws UsageError for a limit on what the other flags leave unmeasured. */
function requireJudges(budget: Budget | undefined, {data, eval: evalData, verify, time}: TransformOptions): void {
  const dropLimited = budget?.maxDrop !== undefined
  const timeLimited = budget?.minSpeedup !== undefined || budget?.maxLatency !== undefined
  if (dropLimited && data === undefined && evalData === undefined) {
    throw new UsageError('--max-drop: expected samples to judge on, got neither --eval nor --data', {
      hint: 'Add --eval FILE',
    })
  }
  const off = verify ? (time ? undefined : '--no-time') : '--no-verify'
  if (off === undefined || !(timeLimited || (dropLimited && !verify))) return
  throw new UsageError(`${off}: expected measurements for the budget, got none`, {hint: `Leave ${off} out`})
}

/** Infers types, plans inputs and checks the data. */
export async function prepare(
  file: OpenedModel,
  options: TransformOptions,
  {budget, needsJudge = false}: {readonly budget?: Budget | undefined; readonly needsJudge?: boolean | undefined} = {},
): Promise<Opened> {
  const {model} = file
  requireOutputs(file)
  requireImports(file)
  inferModel(model)
  const judge = needsJudge || options.eval !== undefined || budget?.maxDrop !== undefined
  const fed = {...options, feeds: await readFeeds(options.feed)}
  const data = await dataSpecs(fed, options.seed, {judge, mayLackLabels: needsJudge, inputs: portsOf(model)})
  const sizes = expectedSizes(model, fed)
  return {file, model, sizes, proof: proofSizes(model, fed), data, random: randomParts(model, file.path)}
}

/** ONNX Runtime refuses such a model, in words that help nobody. */
function requireOutputs({model, path}: OpenedModel): void {
  if (model.graph.outputs.length > 0) return
  throw new ModelError(`${path}: expected a model with outputs, got none`, {
    hint: 'Export the model again with its outputs named',
  })
}

/** As above. */
function requireImports({model, path}: OpenedModel): void {
  const missing = model.warnings.find(({code}) => code === MISSING_IMPORT)
  if (missing) throw new ModelError(`${path}: ${missing.message}`, {hint: missing.hint})
}

function workOf(
  {model, proof, data, random}: Opened,
  input: Work['input'],
  outputPath: string,
): Omit<Work, 'budget' | 'exact' | 'remedy'> {
  const samples = data.judge ?? data.learn
  const {outputs: leaveOut} = random
  const {plan, variants, fallbacks} = proof
  const made = {plan, fallbacks: [...variants, ...fallbacks], samples, leaveOut}
  return {input, model, outputPath, ...made, judge: data.judge, evalBatch: evalBatch(model)}
}

export interface Origin {
  readonly command: string
  readonly input: {path: string; sizeBytes: number}
  /** Clock reading at the start, milliseconds. */
  readonly started: number
}

/** The result of a verb that writes a model. */
export function document(
  {command, input, started}: Origin,
  {model, data, random}: Opened,
  changed: Changed<object>,
  proof: Proof,
) {
  const ownPeakRssBytes = peakRssBytes()
  return {
    schemaVersion: 1 as const,
    command,
    input,
    ...proof,
    changed: documentChanges(changed.report.changed),
    skipped: changed.report.skipped,
    warnings: [...model.warnings, ...data.warnings, ...random.warnings, ...(changed.warnings ?? []), ...proof.warnings],
    seconds: (performance.now() - started) / 1000,
    peakRssBytes: Math.max(ownPeakRssBytes, changed.peakRssBytes ?? 0, proof.peakRssBytes),
  }
}
