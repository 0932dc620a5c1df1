import {performance} from 'node:perf_hooks'
import type {Budget} from '../../bench/budget.js'
import {loadBudget} from '../../bench/budget-file.js'
import {portsOf} from '../../data/model-ports.js'
import {readFeeds} from '../../data/samples/feed-values.js'
import type {Effects} from '../../effects.js'
import {ModelError, UsageError} from '../../errors.js'
import {checkOutput} from '../../io/check-output.js'
import {type OpenedModel, openModel} from '../../io/open-model.js'
import {MISSING_IMPORT, type ReadOptions} from '../../io/read-model.js'
import type {Model} from '../../ir/model.js'
import {inferModel} from '../../ops/infer-graph.js'
import type {DataOptions, TransformOptions} from '../../options/common.js'
import type {Verb as CommandName} from '../../options/schemas.js'
import {checkProviders} from '../../runtime/providers/providers.js'
import {type DataSpecs, dataSpecs} from './data-specs.js'
import {doubtData, type TrainedFile} from './doubt-data.js'
import {type ExpectedSizes, expectedSizes} from './expected-sizes.js'
import {outputPath} from './output-path.js'
import {type ProofSizes, proofSizes} from './proof-sizes.js'
import {type RandomParts, randomParts} from './random-parts.js'

/** A verb that changes a model, as far as opening the file depends on it. */
export interface Verb {
  readonly command: CommandName
  /** What it adds to the file's name. */
  readonly suffix: string
  /** How the file is read. */
  readonly open?: ReadOptions
  /** Held-out samples are needed: without `--eval`, some of `--data` are. */
  readonly needsJudge?: boolean
  /** The trained model that the data was prepared for, where it is not the file itself: a teacher. */
  readonly judged?: TrainedFile | undefined
  /** Further files that the output must not replace. */
  readonly reads?: readonly string[]
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

/** A file that is open to be changed, written and proved. Whoever opened it closes its `file`. */
export interface OpenWork extends Opened {
  readonly command: CommandName
  /** Clock reading at the start, milliseconds. */
  readonly started: number
  readonly outputPath: string
  /** Limits, understood; undefined when there are none. */
  readonly budget: Budget | undefined
  readonly options: TransformOptions
  readonly effects: Effects
}

/**
 * Checks all that can be checked before any work, opens the model, infers its shapes, and looks at the data.
 *
 * @throws UsageError, FileError, ModelError, DataError, ProviderError for what the user can put right.
 */
export async function openWork(
  path: string,
  verb: Verb,
  options: TransformOptions,
  effects: Effects,
): Promise<OpenWork> {
  const started = performance.now()
  const {output, data, run} = options
  const target = outputPath(path, verb.suffix, output.path)
  const budget = await loadBudget(options.budget)
  requireJudges(budget, options)
  checkOutput(target, {force: output.force, inputs: [path, ...(verb.reads ?? []), ...dataFiles(data)]})
  await checkProviders([run.provider], {signal: effects.signal})
  const file = await openModel(path, verb.open)
  try {
    const prepared = await prepare(file, options, {budget, needsJudge: verb.needsJudge})
    const opened = await withDoubts(prepared, verb.judged, options, effects)
    return {...opened, command: verb.command, started, outputPath: target, budget, options, effects}
  } catch (error) {
    file.close()
    throw error
  }
}

/** The model is judged before anything is made of it: on samples that it was not trained for, all figures would mislead. */
async function withDoubts(
  opened: Opened,
  judged: TrainedFile | undefined,
  {output, run}: TransformOptions,
  effects: Effects,
): Promise<Opened> {
  const {file, model, data} = opened
  const samples = output.verify ? (data.judge ?? data.learn) : undefined
  const doubts = await doubtData(judged ?? {path: file.path, model}, samples, run, effects)
  return {...opened, data: {...data, warnings: [...data.warnings, ...doubts]}}
}

/** Paths of the samples and of what belongs to them: no output may take their place. */
export function dataFiles(data: Omit<DataOptions, 'batch'>): string[] {
  const {samples, labels, eval: judged, evalLabels, preprocessFile} = data
  return [samples, labels, judged, evalLabels, preprocessFile].filter((path) => path !== undefined)
}

/** @throws UsageError for a limit on what the other flags leave unmeasured. */
function requireJudges(budget: Budget | undefined, {data, output: {verify, time}}: TransformOptions): void {
  const dropLimited = budget?.maxDrop !== undefined
  const timeLimited = budget?.minSpeedup !== undefined || budget?.maxLatency !== undefined
  if (dropLimited && data.samples === undefined && data.eval === undefined) {
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
  {data: given, output, run}: TransformOptions,
  {budget, needsJudge = false}: {readonly budget?: Budget | undefined; readonly needsJudge?: boolean | undefined} = {},
): Promise<Opened> {
  const {model} = file
  requireOutputs(file)
  requireImports(file)
  inferModel(model)
  const judge = needsJudge || given.eval !== undefined || budget?.maxDrop !== undefined
  const feeds = await readFeeds(run.feed)
  const needed = {judge, mayLackLabels: needsJudge, inputs: portsOf(model)}
  const data = await dataSpecs(given, {seed: run.seed, feeds}, needed)
  const {inputShapes, dims} = run
  const sizes = {inputShapes, dims, feeds}
  const proof = proofSizes(model, {...sizes, checkShapes: output.checkShapes})
  return {file, model, sizes: expectedSizes(model, sizes), proof, data, random: randomParts(model, file.path)}
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
